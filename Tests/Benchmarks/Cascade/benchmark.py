"""Times the detector and OpenCV 4 in turns on the same gray frames.

usage: benchmark.py EXECUTABLE [--threads 1,2] [--cascades a,b] [--sizes WxH,...] [--rounds N] [--videos N]
                    [--loads quiet,niced,ordinary] VIDEO...

In turns means: one picture by the one, the same by the other, again and again, so that what else the machine does falls
on both; a ratio is the median of those of the pairs. Prints tables in Markdown. Takes a few minutes.
"""
import argparse
import os
import re
import statistics
import subprocess
import tempfile
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import cv2
import numpy

import turns

parser = argparse.ArgumentParser()
parser.add_argument("executable")
parser.add_argument("--threads", default="1,2")
parser.add_argument(
    "--cascades",
    default="haarcascade_frontalface_alt,haarcascade_frontalface_default,"
    "haarcascade_frontalface_alt2,lbpcascade_frontalface")
parser.add_argument("--sizes", default="640x360,1280x720,1920x1080")
parser.add_argument("--growth", default="320x180,640x360,960x540,1280x720,1920x1080,2560x1440,3840x2160")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--videos", type=int, default=3, help="how many of the videos")
parser.add_argument("--folder", default="/usr/share/opencv4")
parser.add_argument("--loads", default="quiet,niced", help="what runs beside: quiet, niced or ordinary busy loops")
parser.add_argument("files", nargs="+", metavar="VIDEO")
options = parser.parse_args()
FOLDER = tempfile.TemporaryDirectory()
CASCADES = options.cascades.split(",")
SIZES = [tuple(map(int, size.split("x"))) for size in options.sizes.split(",")]
THREADS = [int(threads) for threads in options.threads.split(",")]
VIDEOS = options.files[: options.videos]


class Detector:
    """The executable, waiting for pictures."""

    def __init__(self, cascade, threads=1, level="best", neighbors=3):
        self.process = subprocess.Popen(
            [options.executable, cascade, str(threads), level, str(neighbors)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip().split(";")

    def search(self, picture):
        """Milliseconds and boxes."""
        answer = self.ask(f"search {picture.name} {picture.width} {picture.height}")
        return float(answer[0]), answer[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Picture:
    """A gray picture as an array and as a file of bytes."""

    def __init__(self, pixels, name):
        self.pixels = numpy.ascontiguousarray(pixels)
        self.height, self.width = pixels.shape
        self.name = os.path.join(FOLDER.name, f"{name}.{self.width}x{self.height}")
        self.pixels.tofile(self.name)


def frame(path):
    """The frame in the middle of a video, or a picture."""
    video = cv2.VideoCapture(path)
    for _ in range(max(1, int(video.get(cv2.CAP_PROP_FRAME_COUNT)) // 2)):
        good, image = video.read()
        if not good:
            break
        kept = image
    return cv2.cvtColor(kept, cv2.COLOR_BGR2GRAY)


FRAMES = {os.path.basename(path): frame(path) for path in VIDEOS}


def scaled(name, size):
    picture = FRAMES[name]
    way = cv2.INTER_AREA if size[0] < picture.shape[1] else cv2.INTER_CUBIC
    return Picture(cv2.resize(picture, size, interpolation=way), name)


def path_of(cascade):
    return f"{options.folder}/{'lbpcascades' if cascade.startswith('lbp') else 'haarcascades'}/{cascade}.xml"


def in_turns(detector, opencv, picture, rounds):
    """Pairs of milliseconds; fails if the answers differ."""
    pairs = []
    for turn in range(rounds + 1):
        own, boxes = detector.search(picture)
        start = time.perf_counter()
        theirs = opencv.detectMultiScale(picture.pixels)
        other = (time.perf_counter() - start) * 1000
        if turn > 0:
            pairs.append((own, other))
    expected = ",".join(sorted(" ".join(str(int(value)) for value in box) for box in theirs))
    assert boxes == expected, f"{picture.name}: not the same objects"
    return pairs


def ratio_of(pairs):
    return statistics.median(other / own for own, other in pairs)


def mean(values):
    return statistics.geometric_mean(values)


def label(size):
    return f"{size[0]}x{size[1]}"


def against_opencv(level, sizes, rounds, thread_counts):
    """Ratios by (cascade, size, threads), and our own milliseconds."""
    ratios, spent = {}, {}
    for threads in thread_counts:
        cv2.setNumThreads(threads)
        for cascade in CASCADES:
            opencv = cv2.CascadeClassifier(path_of(cascade))
            with Detector(path_of(cascade), threads, level) as detector:
                for size in sizes:
                    every = [in_turns(detector, opencv, scaled(name, size), rounds) for name in FRAMES]
                    key = cascade, size, threads
                    ratios[key] = [ratio_of(pairs) for pairs in every]
                    spent[key] = [statistics.median(own for own, _ in pairs) for pairs in every]
    return ratios, spent


def ratio_table(title, ratios, sizes, thread_counts):
    print(f"\n{title}\n")
    heads = [f"{label(size)}, {threads} thread{'s' * (threads > 1)}" for threads in thread_counts for size in sizes]
    print("| cascade | " + " | ".join(heads) + " |")
    print("|---" * (len(heads) + 1) + "|")
    for cascade in CASCADES:
        cells = []
        for threads in thread_counts:
            for size in sizes:
                values = ratios[cascade, size, threads]
                cells.append(f"{mean(values):.1f} ({min(values):.1f} to {max(values):.1f})")
        print(f"| {cascade.replace('haarcascade_', '')} | " + " | ".join(cells) + " |", flush=True)


def threads_against_one():
    """Two detectors of our own in turns."""
    print("\nTwo threads against one:\n\n| cascade | " + " | ".join(map(label, SIZES)) + " |")
    print("|---" * (len(SIZES) + 1) + "|")
    for cascade in CASCADES:
        cells = []
        with Detector(path_of(cascade), 1) as one, Detector(path_of(cascade), 2) as two:
            for size in SIZES:
                gains = []
                for name in FRAMES:
                    picture = scaled(name, size)
                    pairs = [(one.search(picture)[0], two.search(picture)[0]) for _ in range(2 * options.rounds + 1)]
                    gains.append(statistics.median(a / b for a, b in pairs[1:]))
                cells.append(f"{mean(gains):.2f}")
        print(f"| {cascade.replace('haarcascade_', '')} | " + " | ".join(cells) + " |", flush=True)


def growth():
    """Time a pixel over sizes of one picture."""
    name = next(iter(FRAMES))
    print("\nCost of a picture by its size, frontalface_alt, one thread:\n")
    print("| size | ms | ns a pixel | pixels of all levels for one of the picture | windows a pixel |\n|---|---|---|---|---|")
    with Detector(path_of("haarcascade_frontalface_alt")) as detector:
        for size in (tuple(map(int, text.split("x"))) for text in options.growth.split(",")):
            picture = scaled(name, size)
            spent = statistics.median(detector.search(picture)[0] for _ in range(options.rounds + 1))
            pixels = size[0] * size[1]
            level_pixels, windows = detector.ask(f"levels {size[0]} {size[1]}")
            print(f"| {label(size)} | {spent:.2f} | {spent * 1e6 / pixels:.1f} | {int(level_pixels) / pixels:.2f}"
                  f" | {int(windows) / pixels:.2f} |", flush=True)


# A stage of one node that no window passes. Its leaves differ: of equal ones, fixed point has no unit, and every window
# would be decided by exact arithmetic.
WALL = ("<_><maxWeakCount>1</maxWeakCount><stageThreshold>1.</stageThreshold><weakClassifiers><_>"
        "<internalNodes>0 -1 0 0.</internalNodes><leafValues>0. -1.</leafValues></_></weakClassifiers></_>")


REPEATED = 8  # a few nodes of a stage are nothing that a clock can tell


def shortened(cascade, count, wall="", impassable=False):
    """A copy of a cascade file with its first stages only, and the number of all its stages. No window passes impassable
    ones, each of whose nodes comes several times: nothing is queued or copied for a later stage."""
    with open(path_of(cascade)) as file:
        text = file.read()
    head, stages = text.split("<stages>", 1)
    stages, tail = stages.split("</stages>", 1)
    starts = [part for part in stages.split("<maxWeakCount>")]
    kept = "<maxWeakCount>".join(starts[: count + 1])
    if count + 1 < len(starts):
        kept = kept[: kept.rindex("<_>")]
    if impassable:
        kept = re.sub("<stageThreshold>[^<]*", "<stageThreshold>1e9", kept)
        kept = re.sub("<maxWeakCount>([0-9]+)", lambda found: f"<maxWeakCount>{REPEATED * int(found[1])}", kept)
        kept = re.sub("(<weakClassifiers>)(.*?)(</weakClassifiers>)",
                      lambda found: found[1] + REPEATED * found[2] + found[3], kept, flags=re.DOTALL)
    before, after = head.split("<stageNum>", 1)
    head = f"{before}<stageNum>{count + bool(wall)}{after[after.index('</stageNum>'):]}"
    path = os.path.join(FOLDER.name, f"{cascade}.{count}{'.wall' * bool(wall)}{'.impassable' * impassable}.xml")
    with open(path, "w") as file:
        file.write(f"{head}<stages>{kept}{wall}</stages>{tail}")
    return path, len(starts) - 1


def bandwidth():
    """Gigabytes a second that a copy of a large array moves, read and written."""
    source = numpy.ones(1 << 28, numpy.uint8)
    target = numpy.empty_like(source)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        numpy.copyto(target, source)
        times.append(time.perf_counter() - start)
    return 2 * len(source) / min(times) / 1e9


def clock():
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("cpu MHz"):
                return float(line.split(":")[1]) / 1000
    return float("nan")


CYCLES_A_NODE = 8.5  # of 16 windows at a time: 6 to 9 loads of 32 bytes, 3 of broadcast numbers, 14 other operations


def parts(cascade, size):
    """Where the time of a picture goes, and how little it could be."""
    picture = scaled(next(iter(FRAMES)), size)

    def best(detector):
        return min(detector.search(picture)[0] for _ in range(3 * options.rounds))

    _, stage_count = shortened(cascade, 1)
    with Detector(path_of(cascade)) as detector:
        whole = best(detector)
        resize, integral = map(float, detector.ask(f"parts {picture.name} {picture.width} {picture.height}"))
        levels = int(detector.ask(f"count {size[0]} {size[1]}")[0])
    # One node, and the first stage's several times, in turns: their difference is the time of nodes alone.
    with Detector(shortened(cascade, 0, WALL)[0]) as wall, \
            Detector(shortened(cascade, 1, impassable=True)[0]) as repeated:
        nodes = int(repeated.ask("nodes")[0])
        windows = int(repeated.ask(f"levels {size[0]} {size[1]}")[1])
        pairs = [(wall.search(picture)[0], repeated.search(picture)[0]) for _ in range(3 * options.rounds)]
    one, many = (min(times) for times in zip(*pairs))
    node = max(0.0, many - one) / (nodes - 1)
    first_nodes = nodes // REPEATED
    # Windows that reach each stage are those that pass the ones before it: all that a shorter cascade finds. In the small
    # picture, for a large one has more than anybody would collect; its share of windows is about the same.
    small = scaled(next(iter(FRAMES)), SIZES[0])
    evaluations, previous, reaching = 0, 0, None
    for count in range(1, stage_count + 1):
        with Detector(shortened(cascade, count)[0], neighbors=0) as detector:
            answer = detector.ask(f"search {small.name} {small.width} {small.height}")
            nodes, total = map(int, detector.ask("nodes"))
            if reaching is None:
                small_windows = int(detector.ask(f"levels {small.width} {small.height}")[1])
                reaching = small_windows
            evaluations += reaching * (nodes - previous)
            previous = nodes
            reaching = len(answer[1].split(",")) if answer[1] else 0
    evaluations *= windows / small_windows
    gigabytes, gigahertz = bandwidth(), clock()
    reading = levels * size[0] * size[1] / gigabytes / 1e6
    arithmetic = evaluations / 16 * CYCLES_A_NODE / gigahertz / 1e6
    print(f"\nWhere the time goes, {cascade} at {label(size)}, one thread, {whole:.2f} ms:\n\n| part | ms | % |\n|---|---|---|")
    rows = [("resizing", resize), ("integral images", integral),
            ("normalization of windows, the loop over them", max(0.0, one - node - resize - integral)),
            (f"first stage, {first_nodes} nodes", first_nodes * node),
            ("later stages, with the copies of windows for them", max(0.0, whole - one - (first_nodes - 1) * node))]
    for name, spent in rows:
        print(f"| {name} | {spent:.2f} | {100 * spent / whole:.0f} |")
    print(f"\nFloors: reading the picture once for each of {levels} levels, at the {gigabytes:.1f} GB/s of a large copy:"
          f" {reading:.2f} ms;\n{evaluations / 1e6:.2f} million weak classifiers, 16 at a time in {CYCLES_A_NODE} cycles"
          f" at {gigahertz:.2f} GHz: {arithmetic:.2f} ms.", flush=True)


print(f"OpenCV {cv2.__version__}; {len(FRAMES)} frames; times are medians of {options.rounds} rounds in turns")
found, _ = against_opencv("best", SIZES, options.rounds, THREADS)
ratio_table("Times faster than OpenCV with the same number of threads, mean (range over frames):", found, SIZES, THREADS)
if 1 in THREADS and 2 in THREADS:
    threads_against_one()
with Detector(path_of(CASCADES[0])) as best_level:
    levels_to_force = [level for level in best_level.ask("simd") if level != best_level.ask("best")[0]]
for forced in levels_to_force:
    found, _ = against_opencv(forced, SIZES[:1], max(2, options.rounds // 2), [1])
    ratio_table(f"With FM_SIMD={forced}:", found, SIZES[:1], [1])
for size in SIZES:
    for threads in THREADS:
        cv2.setNumThreads(threads)
        searched = [scaled(name, size) for name in FRAMES]
        opencv = cv2.CascadeClassifier(path_of(CASCADES[0]))
        with Detector(path_of(CASCADES[0]), threads) as detector:

            def with_opencv():
                start = time.perf_counter()
                for picture in searched:
                    opencv.detectMultiScale(picture.pixels)
                return (time.perf_counter() - start) * 1000 / len(searched)

            def with_fm():
                return statistics.mean(detector.search(picture)[0] for picture in searched)

            turns.compare(
                f"detection, {CASCADES[0].replace('haarcascade_', '')}, {label(size)}, {threads} thread{'s' * (threads > 1)}",
                "ms a frame", {"fm": with_fm, "OpenCV": with_opencv}, options.rounds, options.loads.split(","))
growth()
for part_size in (SIZES[0], SIZES[-1]):
    parts("haarcascade_frontalface_alt", part_size)
