"""The whole pipe at real-time speed for a long time: memory, lost frames, sound in step.

usage: soak.py FOLDER_OF_TOOLS VIDEO [SECONDS] [FOLDER_FOR_FILES]

VIDEO (with a face and with sound, better) is repeated until SECONDS (3600) are full; ffmpeg plays that at its own pace into
the pipe, which has to keep up. Said at the end, and the exit status is 0 if all holds:

- memory of each tool: the mean of the first and of the last ten minutes (of less than an hour, of its first and last
  sixth), not growing by more than 5 % and 2 MB; a run of less than ten minutes is not judged by it;
- every frame and every packet of sound is in the output;
- sound keeps in step: at each minute the lead of sound over pictures is that of the source, to within 20 ms.
"""
import bisect
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.stdout.reconfigure(line_buffering=True)
TOOLS, VIDEO = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 3600.0
NAMES = ["fm-decode", "fm-detect", "fm-classify", "fm-annotate"]
FFMPEG = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y"]


def memory(process):
    """Resident bytes; None once the process has ended."""
    try:
        with open(f"/proc/{process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return None


def times(path, stream):
    """Presentation times of a stream's packets in seconds, sorted."""
    text = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time", "-of", "csv=p=0", path],
        check=True, capture_output=True, text=True).stdout
    return sorted(float(line.split(",")[0]) for line in text.split("\n") if line and line[0] in "-0123456789")


def play(source, output):
    """Runs the pipe; returns exit statuses, samples of memory by tool, and the seconds it took."""
    commands = [
        FFMPEG + ["-re", "-i", source, "-map", "0", "-c", "copy", "-f", "matroska", "-"],
        [f"{TOOLS}/fm-decode", "-"], [f"{TOOLS}/fm-detect"], [f"{TOOLS}/fm-classify"],
        [f"{TOOLS}/fm-annotate", "-o", output]]
    processes, previous = [], subprocess.DEVNULL
    start = time.monotonic()
    for index, command in enumerate(commands):
        last = index == len(commands) - 1
        process = subprocess.Popen(command, stdin=previous, stdout=None if last else subprocess.PIPE)
        if index > 0:
            previous.close()
        previous = process.stdout
        processes.append(process)
    samples = {name: [] for name in NAMES}
    while processes[-1].poll() is None:
        for name, process in zip(NAMES, processes[1:]):
            resident = memory(process)
            if resident:
                samples[name].append((time.monotonic() - start, resident))
        time.sleep(min(5.0, SECONDS / 60))
    return [process.wait() for process in processes], samples, time.monotonic() - start


def main(folder):
    source, output = os.path.join(folder, "source.mkv"), os.path.join(folder, "faces.mkv")
    subprocess.run(
        FFMPEG + ["-stream_loop", "-1", "-i", VIDEO, "-map", "0:v:0", "-map", "0:a:0?", "-c", "copy", "-t", str(SECONDS), source],
        check=True)
    print(f"playing {SECONDS:.0f} s of {os.path.basename(VIDEO)}")
    statuses, samples, seconds = play(source, output)
    good = statuses == [0] * 5
    print(f"exit statuses {statuses}, {seconds:.1f} s")
    if not good:
        return 1
    span = min(600.0, seconds / 6)
    for name in NAMES:
        # The beginning, when buffers and models come, is left out.
        first = statistics.mean(value for at, value in samples[name] if span / 10 < at <= span)
        last = statistics.mean(value for at, value in samples[name] if at > seconds - span)
        peak = max(value for _, value in samples[name])
        print(f"memory: {name:12} first {span / 60:.1f} minutes {first / 1e6:7.2f} MB, last {last / 1e6:7.2f} MB,"
              f" growth {(last - first) / 1e6:+.2f} MB, peak {peak / 1e6:.2f} MB")
        good = good and (SECONDS < 600 or last - first < max(2e6, first / 20))
    tracks = {}
    for stream, name in [("v:0", "pictures"), ("a:0", "sound")]:
        before, after = times(source, stream), times(output, stream)
        tracks[stream] = before, after
        lost = len(before) - len(after)
        print(f"{name}: {len(before)} packets in the source, {len(after)} in the output, {lost} lost")
        good = good and lost == 0 and (len(before) > 0 or stream == "a:0")
    (video, video_out), (sound, sound_out) = tracks["v:0"], tracks["a:0"]
    worst = 0.0
    if good and sound:
        for minute in range(0, int(SECONDS), 60 if SECONDS > 120 else 1):
            picture = min(bisect.bisect_left(video, minute), len(video) - 1)
            packet = min(bisect.bisect_left(sound, minute), len(sound) - 1)
            drift = (video_out[picture] - video[picture]) - (sound_out[packet] - sound[packet])
            worst = max(worst, abs(drift))
        worst = max(worst, abs((video_out[-1] - video[-1]) - (sound_out[-1] - sound[-1])))
        print(f"sound and pictures: at most {worst * 1000:.2f} ms out of step with the source")
        good = good and worst <= 0.020
    print("all holds" if good else "NOT GOOD")
    return 0 if good else 1


FOLDER = sys.argv[4] if len(sys.argv) > 4 else tempfile.mkdtemp()
try:
    STATUS = main(FOLDER)
finally:
    if len(sys.argv) <= 4:
        shutil.rmtree(FOLDER)
sys.exit(STATUS)
