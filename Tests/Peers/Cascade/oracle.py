# Answers what OpenCV finds. Each line of standard input is a JSON object: cascade, width, height, picture (bytes in
# base64), scale, neighbors, minimum and maximum [width, height]; each line of standard output [[x, y, w, h, n], ...].
# Or it is colors (red, green and blue bytes in base64), width, height; the answer is the gray picture in base64.
import base64
import json
import sys

import cv2
import numpy

cv2.setNumThreads(1)
assert cv2.__version__.startswith("4.")
print(cv2.__version__, flush=True)
cascades = {}
for line in sys.stdin:
    case = json.loads(line)
    if "colors" in case:
        pixels = numpy.frombuffer(base64.b64decode(case["colors"]), dtype=numpy.uint8)
        gray = cv2.cvtColor(pixels.reshape(case["height"], case["width"], 3), cv2.COLOR_RGB2GRAY)
        print(json.dumps(base64.b64encode(gray.tobytes()).decode()), flush=True)
        continue
    name = case["cascade"]
    if name not in cascades:
        cascades[name] = cv2.CascadeClassifier(name)
    pixels = numpy.frombuffer(base64.b64decode(case["picture"]), dtype=numpy.uint8)
    picture = pixels.reshape(case["height"], case["width"])
    boxes, counts = cascades[name].detectMultiScale2(
        picture,
        scaleFactor=case["scale"],
        minNeighbors=case["neighbors"],
        minSize=tuple(case["minimum"]),
        maxSize=tuple(case["maximum"]),
    )
    found = [[int(v) for v in box] + [int(count)] for box, count in zip(boxes, counts)]
    print(json.dumps(found), flush=True)
