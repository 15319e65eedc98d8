"""Trains a small network with each of Keras's optimizers, for our training to be compared with.

usage: train_models.py make FOLDER
       train_models.py continue FOLDER NAME...
       train_models.py distill FOLDER TEMPERATURE WEIGHT

make: data.input, data.targets (float32), and for each optimizer NAME.start.keras, NAME.after.keras (four steps later),
NAME.losses (float32) and NAME.final (float32: all weights, another epoch of two steps later). Prints the names.

distill FOLDER TEMPERATURE WEIGHT: data.teachers (float32: probabilities at that temperature), distilled.start.keras,
distilled.after.keras (one step of gradient descent with a rate of 0.5 on all pictures later) and distilled.losses.

continue: loads NAME.ours.keras, which is to be where NAME.after.keras is, lets model.fit continue for the same epoch, and
prints for each how far its weights are from NAME.final, in parts of the way there from NAME.after.keras; then the
number of steps that the optimizer counts.
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# With its oneDNN, TensorFlow 2.21 damages its own heap in training these on AVX-512 ("double free or corruption").
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
import keras
import numpy as np
from keras import layers, optimizers

BATCHES = [(0, 8), (8, 16), (16, 24), (24, 29)]  # the last one is not full
EPOCH = 16

OPTIMIZERS = {
    "adam": lambda: optimizers.Adam(0.002),
    "adam_decay_clipnorm": lambda: optimizers.Adam(0.003, beta_1=0.8, weight_decay=0.01, clipnorm=0.05),
    # Without decay: Keras's AdamW takes a number there, and no None.
    "adamw_global_clipnorm": lambda: optimizers.AdamW(0.002, weight_decay=0.0, global_clipnorm=0.2),
    "sgd": lambda: optimizers.SGD(0.05),
    "sgd_momentum_clipvalue": lambda: optimizers.SGD(0.05, momentum=0.9, clipvalue=0.01),
    "sgd_nesterov_decay": lambda: optimizers.SGD(0.05, momentum=0.9, nesterov=True, weight_decay=5e-3),
    # With AdamW's own decay.
    "adam_average": lambda: optimizers.AdamW(0.002, use_ema=True, ema_momentum=0.7),
}


def network():
    inputs = keras.Input((16, 14, 1))
    x = layers.Rescaling(1 / 64, offset=-1)(inputs)
    x = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.8)(x)
    x = layers.ReLU()(x)
    side = layers.Conv2D(12, 1, strides=2, padding="same", use_bias=False)(x)
    side = layers.BatchNormalization(scale=False)(side)
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = layers.SeparableConv2D(12, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Add()([x, side])
    x = layers.Activation("relu")(x)
    wide = layers.Conv2D(6, 3, padding="same", dilation_rate=2, activation="tanh")(x)
    x = layers.Concatenate()([x, wide])
    x = layers.AveragePooling2D(2)(x)
    x = layers.Conv2D(9, 2, groups=3, activation="elu")(x)
    x = layers.MaxPooling2D(2, padding="same")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(11, activation="relu")(x)
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(x))


def flat(model):
    return np.concatenate([np.asarray(weight).ravel() for weight in model.weights]).astype("float32")


def go_on(model, pictures, targets):
    model.fit(pictures[:EPOCH], targets[:EPOCH], batch_size=8, shuffle=False, verbose=0)
    return flat(model)


def data(folder):
    pictures = np.fromfile(os.path.join(folder, "data.input"), "float32").reshape(-1, 16, 14, 1)
    return pictures, np.fromfile(os.path.join(folder, "data.targets"), "float32").reshape(-1, 5)


def make(folder):
    random = np.random.default_rng(5)
    random.uniform(0, 255, (29, 16, 14, 1)).astype("float32").tofile(os.path.join(folder, "data.input"))
    targets = random.uniform(0, 1, (29, 5)) ** 4
    (targets / targets.sum(1, keepdims=True)).astype("float32").tofile(os.path.join(folder, "data.targets"))
    pictures, targets = data(folder)
    for name, optimizer in OPTIMIZERS.items():
        path = os.path.join(folder, name)
        keras.utils.set_random_seed(7)
        model = network()
        model.compile(optimizer(), "categorical_crossentropy")
        model.save(path + ".start.keras")
        losses = [model.train_on_batch(pictures[a:b], targets[a:b]) for a, b in BATCHES]
        np.array(losses, "float32").tofile(path + ".losses")
        model.save(path + ".after.keras")
        if not getattr(model.optimizer, "use_ema"):
            go_on(model, pictures, targets).tofile(path + ".final")
        print(name)


def continue_(folder, names):
    pictures, targets = data(folder)
    for name in names:
        path = os.path.join(folder, name)
        before = flat(keras.models.load_model(path + ".after.keras"))
        final = np.fromfile(path + ".final", "float32")
        model = keras.models.load_model(path + ".ours.keras")
        result = go_on(model, pictures, targets)
        far = np.linalg.norm(result - final) / np.linalg.norm(final - before)
        print(name, far, int(model.optimizer.iterations))


def distill(folder, temperature, weight):
    """As Keras's example "Knowledge Distillation" has the loss."""
    import tensorflow as tf

    pictures, targets = data(folder)
    random = np.random.default_rng(6)
    teachers = random.uniform(0, 1, targets.shape) ** 3 + 1e-3
    teachers = (teachers / teachers.sum(1, keepdims=True)).astype("float32")
    teachers.tofile(os.path.join(folder, "data.teachers"))
    keras.utils.set_random_seed(8)
    model = network()
    model.compile(optimizers.SGD(0.5))
    path = os.path.join(folder, "distilled")
    model.save(path + ".start.keras")
    hard, soft = keras.losses.CategoricalCrossentropy(), keras.losses.KLDivergence()
    with tf.GradientTape() as tape:
        probabilities = model(pictures, training=True)
        softened = keras.ops.softmax(keras.ops.log(probabilities) / temperature)
        divergence = soft(teachers, softened) * temperature**2
        loss = (1 - weight) * hard(targets, probabilities) + weight * divergence
    model.optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    np.array([loss], "float32").tofile(path + ".losses")
    model.save(path + ".after.keras")


if sys.argv[1] == "make":
    make(sys.argv[2])
elif sys.argv[1] == "distill":
    distill(sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
else:
    continue_(sys.argv[2], sys.argv[3:])
