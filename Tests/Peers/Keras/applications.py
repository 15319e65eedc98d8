"""Keras's own architectures with random weights, and how long Keras takes for a face.

usage: applications.py make FOLDER NAME      NAME.keras, NAME.input and NAME.output (float32, two pictures)
       applications.py time FOLDER NAME      prints milliseconds for one picture, the least of some runs

Pictures are 96x96 in color, but where an architecture wants more.
"""
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
import numpy as np

command, folder, name = sys.argv[1:4]
path = os.path.join(folder, name)
if command == "make":
    random = np.random.default_rng(5)
    keras.utils.set_random_seed(5)
    base = getattr(keras.applications, name)(include_top=False, weights=None, input_shape=(96, 96, 3))
    x = keras.layers.GlobalAveragePooling2D()(base.output)
    model = keras.Model(base.input, keras.layers.Dense(7, activation="softmax")(x))
    for layer in model.layers:
        for weight in layer.weights:
            if "moving_mean" in weight.name or weight.name in ("beta", "bias"):
                weight.assign(random.standard_normal(weight.shape).astype("float32") * 0.1)
            elif "moving_variance" in weight.name or weight.name == "gamma":
                weight.assign(random.random(weight.shape).astype("float32") + 0.5)
    # Depth makes results small or large: the last layer brings the logits to a size that tells classes apart.
    pictures = (random.random((2, 96, 96, 3)) * 255).astype("float32")
    features = np.asarray(keras.Model(model.input, model.layers[-2].output)(pictures, training=False))
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel / max(np.abs(features).mean(), 1e-20), bias])
    model.save(path + ".keras")
    pictures.tofile(path + ".input")
    np.asarray(model(pictures, training=False)).astype("float32").tofile(path + ".output")
else:
    model = keras.models.load_model(path + ".keras")
    picture = np.fromfile(path + ".input", "float32").reshape((2, 96, 96, 3))[:1]
    model.predict(picture, verbose=0)
    import tensorflow as tf

    run = tf.function(lambda x: model(x, training=False))
    picture = tf.constant(picture)
    run(picture)
    best = 1e9
    for _ in range(20):
        start = time.perf_counter()
        run(picture).numpy()
        best = min(best, time.perf_counter() - start)
    print(best * 1000)
