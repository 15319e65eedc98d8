"""Makes model files with Keras, random weights and all, and the probabilities that Keras computes with them.

usage: make_models.py FOLDER

For each model: NAME.keras, NAME.h5 where the old format can hold it, NAME.input (float32, three pictures) and
NAME.output (float32).
"""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import h5py
import keras
import numpy as np
from keras import layers, models

random = np.random.default_rng(1)
folder = sys.argv[1]


def design():
    """The network of the design: 2,641,543 weights."""
    return models.Sequential([
        layers.Input((48, 48, 1)), layers.Rescaling(1 / 255),
        layers.Conv2D(128, 9, activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.5),
        layers.Conv2D(256, 6, activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.5),
        layers.Conv2D(512, 3, activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.5),
        layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(64, activation="relu"),
        layers.Dense(7, activation="softmax")])


def block(x, filters, stride=1):
    """A residual block with a projection, as in small ResNets."""
    side = layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(x)
    side = layers.BatchNormalization()(side)
    x = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization(epsilon=2e-4, momentum=0.9)(x)
    return layers.ReLU()(layers.Add()([x, side]))


def residual():
    inputs = keras.Input((40, 36, 1), name="face")
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.RandomRotation(0.1)(x)
    x = layers.RandomZoom(0.1)(x)
    x = layers.RandomTranslation(0.1, 0.1)(x)
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = layers.ZeroPadding2D(((1, 2), (3, 0)))(x)
    x = layers.Conv2D(16, 5, strides=2)(x)
    x = block(x, 16)
    x = block(x, 24, 2)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.3)(x)
    return keras.Model(inputs, layers.Dense(7, activation="softmax")(x))


def xception():
    """Separable convolutions, pooling with same padding, an Add of two branches."""
    inputs = keras.Input((33, 35, 1))
    x = layers.Conv2D(8, 3, use_bias=False, padding="same")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    side = layers.Conv2D(16, 1, strides=2, padding="same")(x)
    x = layers.SeparableConv2D(16, 3, padding="same", use_bias=False, depth_multiplier=2)(x)
    x = layers.BatchNormalization(scale=False)(x)
    x = layers.Activation("relu")(x)
    x = layers.SeparableConv2D(16, 3, padding="same")(x)
    x = layers.BatchNormalization(center=False)(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    x = layers.Add()([x, side])
    x = layers.DepthwiseConv2D(3, activation="relu", depth_multiplier=2)(x)
    x = layers.AveragePooling2D(3, strides=2, padding="same")(x)
    x = layers.Conv2D(8, 3)(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Activation("softmax")(x))


def branches():
    """Concatenation, groups, dilation, every activation."""
    inputs = keras.Input((24, 24, 3))
    x = layers.Normalization()
    x.build((None, 24, 24, 3))
    x = x(inputs)
    parts = []
    for name in ["elu", "selu", "sigmoid", "hard_sigmoid", "tanh", "swish", "softplus", "gelu", "leaky_relu",
                 "relu6", "exponential", "mish", "hard_silu"]:
        parts.append(layers.Conv2D(4, 3, activation=name, padding="same")(x))
    x = layers.Concatenate()(parts)
    x = layers.LeakyReLU(negative_slope=0.1)(x)
    x = layers.Conv2D(26, 3, groups=2, dilation_rate=2)(x)
    x = layers.ELU(alpha=0.7)(x)
    x = layers.SpatialDropout2D(0.1)(x)
    x = layers.ReLU(max_value=2.0, negative_slope=0.1)(x)
    flat = layers.Flatten()(layers.MaxPooling2D(4)(x))
    x = layers.GlobalMaxPooling2D(keepdims=True)(x)
    x = layers.Flatten()(x)
    x = layers.Concatenate()([x, flat])
    x = layers.Dense(20)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Dense(8)(x)
    return keras.Model(inputs, layers.Softmax()(x))


def nested():
    """Sequential in Functional in Sequential, and a layer that is used twice."""
    inner = models.Sequential([
        layers.Input((12, 12, 8)), layers.Conv2D(8, 3, padding="same"), layers.BatchNormalization(),
        layers.ReLU()], name="inner")
    inputs = keras.Input((12, 12, 8))
    shared = layers.Conv2D(8, 3, padding="same", activation="relu", name="shared")
    x = layers.Add()([shared(inner(inputs)), inputs])
    x = shared(x)
    x = layers.Multiply()([x, inputs])
    middle = keras.Model(inputs, x, name="middle")
    inputs = keras.Input((12, 12, 8))
    twice = models.Sequential([layers.Input((12, 12, 8)), layers.DepthwiseConv2D(3, padding="same")])
    x = twice(middle(middle(twice(inputs))))
    middle = keras.Model(inputs, middle(x), name="outer")
    return models.Sequential([
        layers.Input((24, 24, 1)), layers.BatchNormalization(), layers.Conv2D(8, 3, strides=2, padding="same"),
        middle, layers.AveragePooling2D(2), layers.Flatten(), layers.Dense(7, activation="softmax")])


def plain():
    """Weights frozen in part, no bias, valid everywhere, odd size."""
    model = models.Sequential([
        layers.Input((31, 29, 1)), layers.Conv2D(5, (3, 4), strides=(2, 1), use_bias=False),
        layers.BatchNormalization(), layers.MaxPooling2D((2, 3), strides=(1, 2)),
        layers.DepthwiseConv2D((2, 3), use_bias=False), layers.Flatten(),
        layers.Dense(9, use_bias=False, activation="tanh"), layers.Dense(3, activation="softmax")])
    model.layers[0].trainable = False
    return model


def compile_as_keras_2(path):
    """Has the file say that the model was compiled as Keras 2 would have: with arguments that Keras 3 does not take."""
    optimizer = {"name": "RMSprop", "learning_rate": 0.01, "decay": 0.5, "rho": 0.9, "momentum": 0.9, "epsilon": 1e-7,
                 "centered": False}
    metric = {"name": "accuracy", "dtype": "float32", "fn": "categorical_accuracy"}
    with h5py.File(path, "r+") as file:
        file.attrs["keras_version"] = "2.4.0"
        file.attrs["training_config"] = json.dumps({
            "loss": {"class_name": "CategoricalCrossentropy",
                     "config": {"reduction": "auto", "name": "categorical_crossentropy", "from_logits": False,
                                "label_smoothing": 0.1}},
            "metrics": [[{"class_name": "MeanMetricWrapper", "config": metric}]],
            "weighted_metrics": None, "loss_weights": None,
            "optimizer_config": {"class_name": "RMSprop", "config": optimizer}})


def pack(source, target):
    """The same HDF5 file with its data sets in compressed chunks, by several filters."""
    kinds = [{"compression": "gzip"}, {"compression": "gzip", "shuffle": True}, {"shuffle": True, "fletcher32": True},
             {"compression": "gzip", "shuffle": True, "fletcher32": True}, {}]
    with h5py.File(source) as old, h5py.File(target, "w") as new:
        count = 0

        def copy(name, item):
            nonlocal count
            if isinstance(item, h5py.Dataset) and item.shape and item.size:
                # Chunks that do not divide the shape.
                chunks = tuple(max(1, side * 2 // 3) for side in item.shape)
                made = new.create_dataset(name, data=item[()], chunks=chunks, **kinds[count % len(kinds)])
                count += 1
            elif isinstance(item, h5py.Dataset):
                made = new.create_dataset(name, data=item[()])
            else:
                made = new.require_group(name)
            for key, value in item.attrs.items():
                made.attrs[key] = value

        copy("/", old)
        old.visititems(copy)


for make in [design, residual, xception, branches, nested, plain]:
    keras.utils.set_random_seed(3)
    model = make()
    weights = []
    for weight in model.weights:
        values = np.asarray(weight)
        name = weight.name
        if name.endswith("variance"):
            values = random.uniform(0.2, 2, values.shape)
        elif values.ndim <= 1 and values.dtype.kind == "f":
            values = random.normal(0.1, 0.3, values.shape) + (1 if name == "gamma" else 0)
        weights.append(values)
    model.set_weights(weights)
    for layer in model.layers:
        if isinstance(layer, layers.Normalization):
            layer.finalize_state()
    pictures = random.uniform(0, 255, (3,) + model.input_shape[1:]).astype("float32")
    if model.input_shape[1] == 12 or make in (xception, branches, nested, plain):
        pictures = pictures / 127.5 - 1
    pictures = pictures.astype("float32")
    if make is design:
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.train_on_batch(pictures, np.array([1, 2, 3]))
    name = os.path.join(folder, make.__name__)
    pictures.tofile(name + ".input")
    np.asarray(model.predict(pictures, verbose=0)).astype("float32").tofile(name + ".output")
    model.save(name + ".keras")
    model.save(name + ".h5")
    if make is plain:
        compile_as_keras_2(name + ".h5")
    pack(name + ".h5", name + ".packed.h5")
