#!/usr/bin/env python3
"""Adds squeeze-and-excitation blocks to a compact network, as a start for training.

    add_excitation.py MODEL.keras OUTPUT.keras

MODEL is a model that `fm-train --architecture compact` wrote. OUTPUT has the layers of `compact-se`, and its answers are
nearly those of MODEL: each block multiplies its channels by about sigmoid(0) = 0.5, and the scale and offset of the batch
normalization before it are doubled. Needs Keras 3.
"""

import re
import sys

import keras
import numpy

# The standard deviation of the last kernel of each block: if it were 0, no gradient would reach the block's first layer.
SPREAD = 0.02


def numbered(model, kind):
    """The model's layers of a kind, in the order of the numbers that end their names."""
    layers = [layer for layer in model.layers if isinstance(layer, kind)]
    return sorted(layers, key=lambda layer: int((re.search(r"_(\d+)$", layer.name) or [0, 0])[1]))


def excitation(tensor, filters, seed):
    """The tensor times what the block makes of it."""
    squeezed = max(filters // 8, 4)
    mean = keras.layers.GlobalAveragePooling2D(keepdims=True)(tensor)
    hidden = keras.layers.Conv2D(
        squeezed, 1, activation="relu", kernel_initializer=keras.initializers.GlorotUniform(seed))(mean)
    layer = keras.layers.Conv2D(filters, 1, activation="sigmoid")
    share = layer(hidden)
    kernel = numpy.random.default_rng(seed).normal(0, SPREAD, (1, 1, squeezed, filters))
    layer.set_weights([kernel.astype("float32"), numpy.zeros(filters, "float32")])
    return keras.layers.Multiply()([tensor, share])


def with_excitation(model):
    """The network with the blocks."""
    convolutions = numbered(model, keras.layers.Conv2D)
    normalizations = numbered(model, keras.layers.BatchNormalization)
    dense_layers = numbered(model, keras.layers.Dense)
    if len(convolutions) != len(normalizations) or len(convolutions) % 2 or len(dense_layers) != 1:
        sys.exit("add_excitation.py: the model is not a compact network")
    last = dense_layers[0]
    weights = []
    tensor = start = keras.Input(model.input_shape[1:], name="input")
    for index, (old, norm) in enumerate(zip(convolutions, normalizations)):
        layer = keras.layers.Conv2D(old.filters, old.kernel_size, padding="same", use_bias=False)
        normalization = keras.layers.BatchNormalization(epsilon=norm.epsilon, momentum=norm.momentum)
        tensor = keras.layers.ReLU()(normalization(layer(tensor)))
        scale = 2 if index % 2 else 1
        gamma, beta, mean, variance = norm.get_weights()
        weights += [(layer, old.get_weights()),
                    (normalization, [scale * gamma, scale * beta, mean, variance])]
        if index % 2:
            tensor = excitation(keras.layers.MaxPooling2D(2)(tensor), old.filters, index // 2)
    tensor = keras.layers.Dropout(0.3)(keras.layers.GlobalAveragePooling2D()(tensor))
    dense = keras.layers.Dense(last.units, activation="softmax", name="dense")
    network = keras.Model(start, dense(tensor))
    for layer, values in weights + [(dense, last.get_weights())]:
        layer.set_weights([numpy.asarray(value, "float32") for value in values])
    return network


def main(arguments):
    if len(arguments) != 2 or arguments[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    with_excitation(keras.models.load_model(arguments[0], compile=False)).save(arguments[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
