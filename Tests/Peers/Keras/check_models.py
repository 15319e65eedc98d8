"""Loads model files with Keras and prints, for each, how far its outputs are from the ones expected.

usage: check_models.py FOLDER FILE...

The input and output of NAME.ANYTHING.keras are in NAME.input and NAME.output (float32). Each line: FILE DIFFERENCE,
then a word on the optimizer: its class, number of variables and steps, or none.
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
import numpy as np

folder = sys.argv[1]
for name in sys.argv[2:]:
    path = os.path.join(folder, name.split(".")[0])
    model = keras.models.load_model(os.path.join(folder, name))
    pictures = np.fromfile(path + ".input", "float32").reshape((-1,) + model.input_shape[1:])
    expected = np.fromfile(path + ".output", "float32").reshape((len(pictures), -1))
    result = np.asarray(model.predict(pictures, verbose=0))
    optimizer = getattr(model, "optimizer", None)
    word = "none"
    if optimizer:
        word = f"{type(optimizer).__name__} {len(optimizer.variables)} {int(optimizer.iterations)}"
    print(name, np.abs(result - expected).max(), word)
