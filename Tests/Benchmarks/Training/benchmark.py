"""Times training steps and those of Keras/TensorFlow or PyTorch in turns on the same networks (those of
`fm-train --architecture`); prints pictures a second.

usage: benchmark.py EXECUTABLE [--networks classic,compact] [--batches 32,128] [--precisions f32,bf16] [--rounds N]
                    [--seconds S] [--threads N] [--loads quiet,niced,ordinary]

classic runs against Keras (train_on_batch, Adam, f32), compact against PyTorch (Adam, channels_last; f32, or bf16
autocast where bf16 is asked for). The first rounds, in which both plan and compile, do not count.
"""
import argparse
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import turns

parser = argparse.ArgumentParser()
parser.add_argument("executable")
parser.add_argument("--networks", default="classic,compact")
parser.add_argument("--batches", default="32,128")
parser.add_argument("--precisions", default="f32")
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--seconds", type=float, default=2, help="length of a turn")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--loads", default="quiet,niced", help="what runs beside: quiet, niced or ordinary busy loops")
options = parser.parse_args()

os.environ["OMP_NUM_THREADS"] = str(options.threads)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import numpy as np


def keras_classic(batch, precision):
    import keras
    import tensorflow
    from keras import layers

    tensorflow.config.threading.set_intra_op_parallelism_threads(options.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    model = keras.Sequential([
        layers.Input((48, 48, 1)), layers.Rescaling(1 / 255),
        layers.Conv2D(128, 9, activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.5),
        layers.Conv2D(256, 6, activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.5),
        layers.Conv2D(512, 3, activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.5),
        layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(64, activation="relu"),
        layers.Dense(7, activation="softmax")])
    model.compile(keras.optimizers.Adam(1e-4), "categorical_crossentropy")
    pictures = np.random.default_rng(1).uniform(0, 255, (batch, 48, 48, 1)).astype("float32")
    targets = np.eye(7, dtype="float32")[np.arange(batch) % 7]
    return lambda: model.train_on_batch(pictures, targets)


def torch_compact(batch, precision):
    import torch
    from torch import nn

    torch.set_num_threads(options.threads)
    parts, channels = [], 1
    for width in (32, 64, 128, 256):
        for _ in range(2):
            # PyTorch's momentum is one minus Keras's.
            parts += [
                nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width, eps=1e-3, momentum=0.1),
                nn.ReLU(True)]
            channels = width
        parts.append(nn.MaxPool2d(2))
    model = nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(256, 7))
    model = model.to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-4, fused=True)
    pictures = torch.rand(batch, 1, 48, 48).to(memory_format=torch.channels_last)
    targets = torch.arange(batch) % 7
    criterion = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = criterion(model(pictures), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


for network in options.networks.split(","):
    for precision in options.precisions.split(","):
        for batch in map(int, options.batches.split(",")):
            step = (keras_classic if network == "classic" else torch_compact)(batch, precision)
            ours = subprocess.Popen(
                [options.executable, network, str(batch), str(options.threads), precision],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

            def mine(steps):
                ours.stdin.write(f"{steps}\n")
                ours.stdin.flush()
                return float(ours.stdout.readline().split()[0]) / 1000

            def other(steps):
                start = time.perf_counter()
                for _ in range(steps):
                    step()
                return (time.perf_counter() - start) / steps

            mine(2), other(2)
            steps = max(1, round(options.seconds / other(1)))
            name = "Keras f32" if network == "classic" else f"PyTorch {precision}"
            turns.compare(
                f"training, {network} {precision}, batch {batch}", "pictures/s",
                {"fm": lambda: batch / mine(steps), name: lambda: batch / other(steps)}, options.rounds,
                options.loads.split(","), more_is_better=True)
            ours.stdin.close()
            ours.wait()
