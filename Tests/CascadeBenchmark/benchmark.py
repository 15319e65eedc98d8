"""Times the detector and OpenCV 4 in turns on the same grey frames and prints the ratios.

usage: benchmark.py EXECUTABLE [--level L] [--threads 1,2] [--cascades a,b] [--sizes WxH,...] [--rounds N] VIDEO...
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time

import cv2
import numpy

parser = argparse.ArgumentParser()
parser.add_argument("executable")
parser.add_argument("--level", default="avx2")
parser.add_argument("--threads", default="1,2")
parser.add_argument(
    "--cascades",
    default="haarcascade_frontalface_alt,haarcascade_frontalface_default,"
    "haarcascade_frontalface_alt2,lbpcascade_frontalface",
)
parser.add_argument("--sizes", default="640x360,1280x720,1920x1080")
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--folder", default="/usr/share/opencv4")
parser.add_argument("videos", nargs="+")
options = parser.parse_args()


def frames(path, size):
    """A frame from the middle of a video or a picture, grey, of that size."""
    video = cv2.VideoCapture(path)
    count = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
    for _ in range(max(1, count // 2)):
        good, frame = video.read()
        if not good:
            break
        kept = frame
    return cv2.resize(cv2.cvtColor(kept, cv2.COLOR_BGR2GRAY), size, interpolation=cv2.INTER_AREA)


folder = tempfile.mkdtemp()
print(f"OpenCV {cv2.__version__}, level {options.level}; milliseconds, medians of {options.rounds} rounds in turns")
for threads in map(int, options.threads.split(",")):
    cv2.setNumThreads(threads)
    for name in options.cascades.split(","):
        kind = "lbpcascades" if name.startswith("lbp") else "haarcascades"
        path = f"{options.folder}/{kind}/{name}.xml"
        theirs = cv2.CascadeClassifier(path)
        ours = subprocess.Popen(
            [options.executable, path, str(threads), options.level],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for size in options.sizes.split(","):
            width, height = map(int, size.split("x"))
            times = {"fm": [], "opencv": []}
            ratios = []
            for video in options.videos:
                picture = frames(video, (width, height))
                raw = os.path.join(folder, f"{os.path.basename(video)}.{size}.gray")
                picture.tofile(raw)
                own, other = [], []
                for round in range(options.rounds + 1):
                    ours.stdin.write(f"{raw} {width} {height}\n")
                    ours.stdin.flush()
                    answer = ours.stdout.readline().strip().split(";")
                    start = time.perf_counter()
                    boxes = theirs.detectMultiScale(picture)
                    elapsed = (time.perf_counter() - start) * 1000
                    if round > 0:
                        own.append(float(answer[0]))
                        other.append(elapsed)
                expected = sorted(" ".join(str(int(v)) for v in box) for box in boxes)
                assert answer[1] == ",".join(expected), f"{video} {size} {name}: not the same objects"
                times["fm"].append(statistics.median(own))
                times["opencv"].append(statistics.median(other))
                ratios.append(times["opencv"][-1] / times["fm"][-1])
            print(
                f"{threads} thread(s) {name:34} {size:9} fm {statistics.mean(times['fm']):8.2f}"
                f" opencv {statistics.mean(times['opencv']):8.2f} ratio {statistics.geometric_mean(ratios):6.2f}"
                f" ({min(ratios):.2f} to {max(ratios):.2f})", flush=True)
        ours.stdin.close()
        ours.wait()
