"""Times detection networks in turns with ONNX Runtime on the same pictures, and says how far their outputs are apart.

usage: detectors.py FOLDER MODEL.onnx... [--threads 1] [--rounds N] [--sizes 640x360,1280x720]

FOLDER is where network-benchmark is. Prints milliseconds (medians of rounds in turns), how many times ONNX Runtime's
speed that is, and for each precision the largest difference of any output to ONNX Runtime's. Sizes are rounded up to
multiples of 32.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import onnxruntime

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("models", nargs="+")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--rounds", type=int, default=9)
parser.add_argument("--seconds", type=float, default=0.4, help="length of a turn")
parser.add_argument("--sizes", default="640x360,1280x720,1920x1080")
parser.add_argument("--precisions", default="f32,bf16")
options = parser.parse_args()
program = os.path.join(options.folder, "network-benchmark")


class Process:
    """network-benchmark with one model and precision."""

    def __init__(self, model, precision):
        self.process = subprocess.Popen([program, "--onnx", model, precision, str(options.threads)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        try:
            return float(answer)
        except ValueError:
            raise SystemExit(f"network-benchmark: {answer}")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def outputs(process, picture, names):
    """What a process computes of a picture, all outputs in one row."""
    with tempfile.TemporaryDirectory() as folder:
        source, result = os.path.join(folder, "in"), os.path.join(folder, "out")
        numpy.ascontiguousarray(picture[0].transpose(1, 2, 0)).tofile(source)
        process.ask(picture.shape[2], picture.shape[3], source, result)
        return numpy.fromfile(result, dtype="float32")


settings = onnxruntime.SessionOptions()
settings.log_severity_level = 3
settings.intra_op_num_threads = options.threads
settings.inter_op_num_threads = 1
print(f"{options.threads} threads, ONNX Runtime {onnxruntime.__version__}, medians of {options.rounds} rounds in turns")
for model in options.models:
    session = onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
    own = session.get_inputs()[0]
    channels = own.shape[1]
    processes = {precision: Process(model, precision) for precision in options.precisions.split(",")}
    for size in options.sizes.split(","):
        width, height = ((int(side) + 31) // 32 * 32 for side in size.split("x"))
        if isinstance(own.shape[2], int) and isinstance(own.shape[3], int):
            height, width = own.shape[2:]
        batch = own.shape[0] if isinstance(own.shape[0], int) else 1
        picture = numpy.random.default_rng(1).uniform(0, 255, (1, channels, height, width)).astype("float32")
        picture = numpy.repeat(picture, batch, axis=0)
        expected = session.run(None, {own.name: picture})
        expected = numpy.concatenate([each[:1].ravel() if batch > 1 else each.ravel() for each in expected])
        runners = {"ONNX Runtime": lambda: session.run(None, {own.name: picture})}
        apart = {}
        for precision, process in processes.items():
            found = outputs(process, picture, None)
            assert found.shape == expected.shape, (found.shape, expected.shape)
            apart[precision] = float(numpy.abs(found - expected).max())
            runners[precision] = lambda process=process: process.ask(height, width)
        times = {name: [] for name in runners}
        for turn in range(options.rounds + 1):
            for name, run in runners.items():
                time.sleep(0.02)
                taken, begin = [], time.perf_counter()
                while time.perf_counter() - begin < options.seconds:
                    start = time.perf_counter()
                    answer = run()
                    taken.append(answer if isinstance(answer, float) else (time.perf_counter() - start) * 1000)
                if turn:
                    times[name].append(statistics.median(taken[len(taken) // 2:]))
        base = statistics.median(times["ONNX Runtime"])
        print(f"{os.path.basename(model)} {width}x{height}: ONNX Runtime {base:.2f} ms")
        for precision in processes:
            taken = statistics.median(times[precision])
            print(f"    {precision:5}{taken:9.2f} ms, {base / taken:5.2f} times as fast; "
                  f"outputs differ by at most {apart[precision]:.2e} (largest {numpy.abs(expected).max():.3g})")
    for process in processes.values():
        process.close()
