"""Opens a detector that fm made, runs it on a picture of another size, and trains it for four steps.

usage: train_detector.py FOLDER

Reads start.keras, shipped.keras, picture.input (1x64x96x1), data.input (16x64x64x1) and data.targets (16x8x8x4), all float32; writes
picture.output, shipped.output, losses (float32) and after.keras. The loss is that of NetworkEngine's DetectionLoss.
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# With its oneDNN, TensorFlow 2.21 damages its own heap in training such networks on AVX-512.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
import keras
import numpy as np
import tensorflow as tf

folder = sys.argv[1]


def read(name, *shape):
    return np.fromfile(os.path.join(folder, name), "float32").reshape(shape)


model = keras.models.load_model(os.path.join(folder, "start.keras"))
model.predict(read("picture.input", 1, 64, 96, 1), verbose=0).tofile(os.path.join(folder, "picture.output"))
shipped = keras.models.load_model(os.path.join(folder, "shipped.keras"))
shipped.predict(read("picture.input", 1, 64, 96, 1), verbose=0).tofile(os.path.join(folder, "shipped.output"))

optimizer = keras.optimizers.AdamW(0.0025, weight_decay=1e-4, global_clipnorm=5.0)
pictures, targets = read("data.input", 16, 64, 64, 1), read("data.targets", 16, 8, 8, 4)
losses = []
for first in range(0, 16, 4):
    x, y = tf.constant(pictures[first:first + 4]), tf.constant(targets[first:first + 4])
    with tf.GradientTape() as tape:
        output = model(x, training=True)
        logit, target = output[..., 0], y[..., 0]
        found, empty = tf.cast(target > 0, tf.float32), tf.cast(tf.equal(target, 0), tf.float32)
        count = tf.reduce_sum(found) + 1
        p = tf.sigmoid(logit)
        focal = tf.reduce_sum(
            found * 0.6 * (1 - p) ** 1.5 * tf.nn.softplus(-logit) + empty * 0.4 * p ** 1.5 * tf.nn.softplus(logit))
        distance = tf.abs(output[..., 1:] - y[..., 1:]) * tf.constant([1.0, 1.0, 3.0])
        box = tf.where(distance < 0.5, distance * distance, distance - 0.25)
        loss = (focal + 0.3 * tf.reduce_sum(found[..., None] * box)) / count
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    losses.append(float(loss))
np.array(losses, "float32").tofile(os.path.join(folder, "losses"))
model.save(os.path.join(folder, "after.keras"))
