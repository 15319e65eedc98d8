"""Times networks in turns with ONNX Runtime and Keras on the same seeded network, and what starting costs.

usage: benchmark.py FOLDER [--threads 2] [--rounds N] [--batches 1,8] [--seconds S] [--loads quiet,niced,ordinary]

FOLDER is where network-benchmark and fm-classify are. Prints milliseconds a face (medians of rounds in turns) and how
many times ONNX Runtime's f32 speed that is; then start-up and memory of fm-classify and of Keras with the same file.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=15)
parser.add_argument("--batches", default="1,8")
parser.add_argument("--seconds", type=float, default=0.4, help="length of a turn")
parser.add_argument("--loads", default="quiet,niced", help="what runs beside: quiet, niced or ordinary busy loops")
options = parser.parse_args()

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.dirname(sys.path[0]))
import turns

program = os.path.join(options.folder, "network-benchmark")
classify = os.path.join(options.folder, "fm-classify")
scratch = tempfile.TemporaryDirectory()
path = os.path.join(scratch.name, "design.keras")
subprocess.run([program, "--write", path], check=True)


def start(precision):
    """A process that answers batch sizes with milliseconds, or nothing where this machine cannot."""
    process = subprocess.Popen(
        [program, path, precision, str(options.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write("1\n")
    process.stdin.flush()
    line = process.stdout.readline()
    return process if len(line.split()) == 2 and line[0].isdigit() else None


def ask(process):
    def run(batch):
        process.stdin.write(f"{batch}\n")
        process.stdin.flush()
        return float(process.stdout.readline().split()[0])

    return run


def timed(body):
    begin = time.perf_counter()
    body()
    return (time.perf_counter() - begin) * 1000


def keras_process():
    """What a program of one prediction costs with Keras."""
    program = (
        f"import keras, numpy; m = keras.models.load_model({path!r}); m.predict(numpy.zeros((1, 48, 48, 1)), verbose=0)")
    return [sys.executable, "-c", program]


def stream():
    """A stream of one gray frame with one face."""
    lines = [
        {"fm": 1, "type": "stream", "source": "a",
         "video": {"width": 48, "height": 48, "pixel_format": "gray", "time_base": [1, 25]}},
        {"type": "frame", "seq": 0, "pts": 0, "time": 0.0, "width": 48, "height": 48, "pixel_format": "gray",
         "bytes": 2304, "faces": [{"box": [0, 0, 48, 48], "neighbors": 3}]},
        {"type": "end", "frames": 1, "status": "ok"},
    ]
    text = [json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines]
    return text[0] + text[1] + bytes(2304) + b"\n" + text[2]


def cost(command, rounds, data=None):
    """Milliseconds (median) and mebibytes (greatest) of a process."""
    times, memory = [], 0
    for _ in range(rounds):
        source = tempfile.TemporaryFile()
        source.write(data or b"")
        source.seek(0)
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        times.append((time.perf_counter() - begin) * 1000)
        memory = max(memory, usage.ru_maxrss / 1024)
        if status:
            raise SystemExit(f"{command[0]} failed: {status}")
    return statistics.median(times), memory


# Before the libraries below are loaded: a child's greatest memory counts from its birth as a copy of this process.
rounds = options.rounds
nothing, _ = cost(["/bin/true"], rounds)
for name, command, data, count in [
    ("fm-classify --describe", [classify, "--describe", "-m", path], None, rounds),
    ("fm-classify, one face", [classify, "-m", path, "--views", "single"], stream(), rounds),
    ("Keras, one face", keras_process(), None, 3),
]:
    taken, memory = cost(command, count, data)
    print(f"{name:24}{taken - nothing:9.0f} ms more than /bin/true, {memory:6.0f} MiB resident")

runners = {}
for precision in ("f32", "bf16", "int8"):
    process = start(precision)
    if process:
        runners["fm " + precision] = ask(process)
    else:
        print(f"fm {precision}: not on this machine")

import keras
import numpy
import onnxruntime
import tensorflow

import onnx_model

tensorflow.config.threading.set_intra_op_parallelism_threads(options.threads)
model = keras.models.load_model(path)
settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = options.threads
session = onnxruntime.InferenceSession(onnx_model.encode(model), settings, providers=["CPUExecutionProvider"])
call = tensorflow.function(lambda x: model(x, training=False))
pictures = numpy.random.default_rng(1).uniform(0, 255, (64, 48, 48, 1)).astype("float32")
answers = session.run(None, {"input": pictures[:8].reshape(8, 1, 48, 48)})[0]
difference = float(numpy.abs(answers - call(tensorflow.constant(pictures[:8])).numpy()).max())
assert difference < 1e-4, f"ONNX Runtime and Keras differ by {difference}"
runners["ONNX Runtime f32"] = lambda batch: timed(
    lambda: session.run(None, {"input": pictures[:batch].reshape(batch, 1, 48, 48)}))
runners["Keras f32"] = lambda batch: timed(lambda: call(tensorflow.constant(pictures[:batch])).numpy())

print(f"{options.threads} threads, ONNX Runtime {onnxruntime.__version__}, TensorFlow {tensorflow.__version__}, "
      f"Keras {keras.__version__}; medians of {options.rounds} rounds in turns")
def turn(run, batch):
    """Milliseconds a face. Another's threads stop spinning first. The first runs after that find cold caches, sleeping
    threads, and two threads on one processor until the system moves one; so a turn lasts a while, and its second half
    counts."""
    time.sleep(0.05)
    taken, begin = [], time.perf_counter()
    while time.perf_counter() - begin < options.seconds:
        taken.append(run(batch))
    return statistics.median(taken[len(taken) // 2:]) / batch


for batch in map(int, options.batches.split(",")):
    for name in [name for name in runners if name.startswith("fm")]:
        contestants = {each: lambda run=runners[each]: turn(run, batch)
                       for each in (name, "ONNX Runtime f32", "Keras f32")}
        turns.compare(f"inference, {name[3:]}, batch {batch}", "ms a face", contestants, options.rounds,
                      options.loads.split(","))
