"""What the tools cost as processes: the whole pipe against a transcode, stage by stage, the bare pipe against one FFmpeg
process, OpenMP's waiting, start-up, and memory.

usage: benchmark.py FOLDER_OF_TOOLS VIDEO [whole|bare|waiting|start-up|memory]...

Everything that is compared runs in turns, and a ratio is the median of the ratios of the pairs.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import turns

sys.stdout.reconfigure(line_buffering=True)
TOOLS, VIDEO = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
DECODE, DETECT, CLASSIFY, ANNOTATE = (f"{TOOLS}/fm-{name}" for name in ("decode", "detect", "classify", "annotate"))

# The seconds of processor time of each stage of every pipe that ran.
STAGES = []
SIZES = ("640x360", "1280x720", "1920x1080")


def run(*commands, environment=None):
    """Runs commands as a pipe. Returns seconds of CPU time, of wall time, and each one's peak memory in bytes."""
    start = time.perf_counter()
    processes, previous = [], subprocess.DEVNULL
    for index, command in enumerate(commands):
        last = index == len(commands) - 1
        process = subprocess.Popen(
            command, stdin=previous, stdout=subprocess.DEVNULL if last else subprocess.PIPE,
            env=environment)
        if previous is not subprocess.DEVNULL:
            previous.close()
        previous = process.stdout
        processes.append(process)
    processor, peaks, shares = 0.0, [], []
    for process, command in zip(processes, commands):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit status {process.returncode}")
        processor += usage.ru_utime + usage.ru_stime
        shares.append(usage.ru_utime + usage.ru_stime)
        peaks.append(usage.ru_maxrss * 1024)
    STAGES.append(shares)
    return processor, time.perf_counter() - start, peaks


def whole_pipe(video, folder, rounds=3):
    """Processor time of the four tools from a film to a film, against that of FFmpeg's decoding and encoding it. Of
    processor time, what runs beside takes a part only through the caches; so it is measured quiet only."""
    for size in SIZES:
        film, result = os.path.join(folder, f"{size}.mp4"), os.path.join(folder, "result.mp4")
        subprocess.run(
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", video, "-vf", f"scale={size.replace('x', ':')}",
             "-c:a", "copy", "-t", "10", film], check=True)
        fm = [[DECODE, "--quiet", film], [DETECT, "--quiet"], [CLASSIFY, "--quiet"], [ANNOTATE, "--quiet", "-o", result]]
        transcode = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", film, "-c:a", "copy", result]
        stages = []

        def with_fm():
            seconds = run(*fm)[0]
            stages.append(STAGES[-1])
            return seconds

        turns.compare(f"the whole pipe, {size}: fm as a multiple of a transcode", "s of processor time",
                      {"transcode": lambda: run(transcode)[0], "fm": with_fm}, rounds)
        names = ("decode", "detect", "classify", "annotate")
        print("  by stage: " + ", ".join(f"{name} {statistics.median(each):.2f} s"
                                         for name, each in zip(names, zip(*stages))))


def cost_of_pipe(video, rounds=7):
    fm = [[DECODE, "--quiet", video], [ANNOTATE, "--quiet", "--format", "null", "-o", "-"]]
    ffmpeg = [["ffmpeg", "-nostdin", "-loglevel", "error", "-i", video, "-f", "null", "-"]]
    run(*fm), run(*ffmpeg)
    pairs = [(run(*fm), run(*ffmpeg)) for _ in range(rounds)]
    for index, name in enumerate(["CPU", "wall"]):
        ours = statistics.median(pair[0][index] for pair in pairs)
        theirs = statistics.median(pair[1][index] for pair in pairs)
        ratio = statistics.median(pair[0][index] / pair[1][index] for pair in pairs)
        print(f"pipe: fm-decode | fm-annotate {ours:6.2f} s, ffmpeg -f null {theirs:6.2f} s {name}, ratio {ratio:.2f}")


def waiting_of_threads(video, folder, rounds=7):
    """Frames a second of whole pipes with fm-classify's own threads, against libgomp's, which wait spinning: how much one
    tool's idle threads take from the others."""
    pipe = f'"{DECODE}" -q "$1" | "{DETECT}" -q | "{CLASSIFY}" -q'
    annotate = f'"{ANNOTATE}" -q -o "$2/faces.mp4"'
    lines = {
        "four tools": f"{pipe} | {annotate}",
        "five, a second classifier by tee": f'{pipe} | {{ tee /dev/fd/3 | {annotate} >/dev/null; }} 3>&1 |'
        f' "{CLASSIFY}" -q -m ferplus --no-pixels'}
    ours = {key: value for key, value in os.environ.items() if key not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    # What libgomp does if nobody says anything; because it is said, fm-classify leaves it at that.
    theirs = ours | {"GOMP_SPINCOUNT": "300000"}
    frames = len(subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=size", "-of", "csv", video],
        check=True, capture_output=True).stdout.splitlines())
    for name, line in lines.items():
        command = ["bash", "-o", "pipefail", "-c", line, "bash", video, folder]
        run(command, environment=ours)
        pairs = []
        for index in range(rounds):
            turns = [run(command, environment=each) for each in ((ours, theirs) if index % 2 else (theirs, ours))]
            pairs.append(turns if index % 2 else turns[::-1])
        speeds = [statistics.median(frames / pair[side][1] for pair in pairs) for side in (0, 1)]
        ratio = statistics.median(pair[1][1] / pair[0][1] for pair in pairs)
        processor = statistics.median(pair[0][0] / pair[1][0] for pair in pairs)
        print(
            f"threads, {name}: {speeds[0]:.1f} frames/s with the tools' own, {speeds[1]:.1f} with libgomp's and its"
            f" default waiting, ratio {ratio:.2f}, of CPU time {processor:.2f}")


def start_up(rounds=20):
    commands = [["/bin/true"]] + [[tool, "--version"] for tool in (DECODE, DETECT, CLASSIFY, ANNOTATE)]
    times = [[] for _ in commands]
    for _ in range(rounds + 1):
        for command, spent in zip(commands, times):
            spent.append(run(command)[1] * 1000)
    for command, spent in zip(commands, times):
        print(f"start-up: {os.path.basename(command[0]):12} {statistics.median(spent[1:]):6.1f} ms")


def memory(video, folder, counts=(500, 5000)):
    """Peak memory of each tool over that many frames of the video, which is repeated."""
    peaks = []
    for count in counts:
        looped = os.path.join(folder, f"{count}.mp4")
        subprocess.run(
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-stream_loop", "-1", "-i", video, "-c", "copy",
             "-frames:v", str(count), looped], check=True)
        commands = [[DECODE, "--quiet", looped], [DETECT, "--quiet"], [CLASSIFY, "--quiet"],
                    [ANNOTATE, "--quiet", "-o", os.path.join(folder, "faces.mp4")]]
        processor, wall, peak = run(*commands)
        print(f"{count} frames through the whole pipe: {count / wall:.1f} frames/s, {processor:.1f} s CPU")
        peaks.append(peak)
    for command, few, many in zip(commands, *peaks):
        print(
            f"memory: {os.path.basename(command[0]):12} {few / 1e6:6.1f} MB after {counts[0]} frames,"
            f" {many / 1e6:6.1f} MB after {counts[1]}, ratio {many / few:.2f}")


wanted = sys.argv[3:] or ["whole", "bare", "waiting", "start-up", "memory"]
folder = tempfile.mkdtemp()
try:
    if "whole" in wanted:
        whole_pipe(VIDEO, folder)
    if "bare" in wanted:
        cost_of_pipe(VIDEO)
    if "waiting" in wanted:
        waiting_of_threads(VIDEO, folder)
    if "start-up" in wanted:
        start_up()
    if "memory" in wanted:
        memory(VIDEO, folder)
finally:
    shutil.rmtree(folder)
