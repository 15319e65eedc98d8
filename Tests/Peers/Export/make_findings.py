#!/usr/bin/env python3
"""Prints a stream of findings that is hard on formats: uneven times, people who come and go, names of every kind.

    make_findings.py [FRAMES] > made.ndjson
"""

import json
import random
import sys

NAMES = ["=cmd|' /C calc'!A0", "a,b", 'say "hi"', "tab\there", "new\nline", "快乐", "שמח", "a<b>&c", "-->", "{\\b1}x", "time",
         "'quoted'", "x;y", " padded ", "+1"]


def main():
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    generator = random.Random(5)
    classes = ",".join('"' + n.replace('"', '""') + '"' if any(c in n for c in ',"\n\r') else n for n in NAMES)
    history = [{"name": "fm-detect", "version": "0", "arguments": []},
               {"name": "fm-classify", "version": "0", "arguments": [], "classes": classes},
               {"name": "fm-track", "version": "0", "arguments": [], "options": {"smoothing": "viterbi"}}]

    def put(value):
        print(json.dumps(value, ensure_ascii=generator.random() < 0.5))

    put({"fm": 1, "type": "stream", "source": '=1+1 "a,b" <é> 快.mp4', "video": {
        "width": 640, "height": 360, "pixel_format": "gray", "time_base": [1, 30000], "frame_rate": [30000, 1001]},
        "history": history})

    def label():
        best = generator.randrange(len(NAMES))
        scores = {name: round(generator.random() / 100, 6) for name in NAMES}
        scores[NAMES[best]] = round(0.5 + generator.random() / 2, 6)
        return {"expression": NAMES[best] if generator.random() > 0.05 else None, "confidence": scores[NAMES[best]], "scores": scores}

    pts, people = 3003, {}
    for number in range(frames):
        faces = []
        for person in range(1, 6):
            if generator.random() < 0.02:
                people[person] = not people.get(person, False)
            if not people.get(person, person < 3):
                continue
            face = {"box": [person * 90 + number % 20 - 60, 40 + number % 9, 60, 70], "score": round(0.6 + generator.random() * 0.4, 5),
                    **label(), "id": person}
            if generator.random() < 0.03 or person not in main.smoothed:
                main.smoothed[person] = label()
            face["smoothed"] = main.smoothed[person]
            if generator.random() < 0.1:
                face = {"box": face["box"], "id": person, "filled": True, "smoothed": face["smoothed"]}
            faces.append(face)
        if generator.random() < 0.05:
            faces.append({"box": [500, 200, 31, 30], "score": 0.61, **label()})
        put({"type": "frame", "seq": number, "pts": pts, "time": pts / 30000, "width": 640, "height": 360, "pixel_format": "gray",
             "faces": faces})
        pts += generator.choice([1001, 1001, 1001, 1001, 2002, 1500, 640])
    put({"type": "end", "frames": frames, "status": "ok"})


main.smoothed = {}

if __name__ == "__main__":
    main()
