"""Makes random Functional models with Keras, and what Keras computes with them.

usage: make_graphs.py FOLDER FIRST COUNT

For each seed: SEED.keras, SEED.input and SEED.output (float32, three pictures). If the model ends in a softmax and has
nothing random, also SEED.targets and SEED.gradients: of the mean cross-entropy by all trained weights in Keras's order,
one after the other. Prints the seeds, one a line.
"""
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from keras import ops

PICTURES = 3


class Maker:
    """One random model."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tensors = []
        self.has_noise = False

    def one(self, *choices):
        return choices[self.random.integers(len(choices))]

    def below(self, n):
        return int(self.random.integers(n))

    def chance(self, p):
        return self.random.random() < p

    def array(self, *shape):
        return (self.random.random(shape) * 2 - 0.7).astype("float32")

    def number(self):
        return self.one(2.0, 0.5, -1, 3, 0.25, 1 / 255 * 100, -0.75)

    def activation(self):
        return self.one("relu", "linear", "tanh", "sigmoid", "elu", "selu", "silu", "gelu", "softplus", "hard_silu",
                        "relu6", "mish", "hard_sigmoid", "leaky_relu", "softsign", "celu", "soft_shrink",
                        "hard_shrink", "tanh_shrink", "hard_tanh", "log_sigmoid", "squareplus", "sparse_plus",
                        "sparse_sigmoid", "exponential" if self.chance(0.1) else "relu", L.LeakyReLU(0.1),
                        L.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2))

    def like(self, x):
        """An earlier tensor of the same shape, or one made so."""
        same = [t for t in self.tensors if t.shape == x.shape]
        if same and self.chance(0.7):
            return same[self.below(len(same))]
        return L.Activation(self.activation())(x)

    # Layers on pictures [height, width, channels].

    def convolution(self, x):
        return L.Conv2D(1 + self.below(9), self.one(1, 2, 3, (3, 1)), strides=self.one(1, 1, 2),
                        padding=self.one("same", "same", "valid") if min(x.shape[1:3]) > 3 else "same",
                        activation=self.activation(), use_bias=self.chance(0.7))(x)

    def groups(self, x):
        n = x.shape[-1]
        return L.Conv2D(2 * n, 3, padding="same", groups=n)(x) if n < 9 else x

    def depthwise(self, x):
        return L.DepthwiseConv2D(self.one(2, 3), padding="same", depth_multiplier=self.one(1, 2),
                                 activation=self.activation())(x)

    def separable(self, x):
        return L.SeparableConv2D(1 + self.below(8), 3, padding="same", activation=self.activation())(x)

    def transposed(self, x):
        if max(x.shape[1:3]) > 12:
            return x
        return L.Conv2DTranspose(1 + self.below(6), self.one(2, 3, 4), strides=self.one(1, 2),
                                 padding=self.one("same", "valid"), activation=self.activation(),
                                 use_bias=self.chance(0.7))(x)

    def pooling(self, x):
        if min(x.shape[1:3]) < 4:
            return x
        return self.one(L.MaxPooling2D, L.AveragePooling2D)(2, strides=self.one(1, 2), padding=self.one("same", "valid"))(x)

    def normalization(self, x):
        n = x.shape[-1]
        choices = [L.BatchNormalization(scale=self.chance(0.8), center=self.chance(0.8)),
                   L.LayerNormalization(scale=self.chance(0.8), center=self.chance(0.8), epsilon=1e-2),
                   L.GroupNormalization(self.one(1, n, -1), epsilon=1e-2), L.UnitNormalization(),
                   L.RMSNormalization(epsilon=1e-2),
                   L.Rescaling(self.number(), self.number())]
        if len(x.shape) == 4:
            choices += [L.LayerNormalization(axis=[1, 2, 3], epsilon=1e-2), L.Normalization(
                axis=-1, mean=self.array(n).tolist(), variance=(np.abs(self.array(n)) + 0.3).tolist())]
        return choices[self.below(len(choices))](x)

    def activate(self, x):
        return self.one(L.Activation(self.activation()), L.ReLU(6.0), L.LeakyReLU(0.2), L.ELU(0.7), L.PReLU(),
                        L.Softmax(), L.Activation("log_softmax"),
                        L.PReLU(shared_axes=list(range(1, len(x.shape) - 1)) or None))(x)

    def cut(self, x):
        h, w = x.shape[1:3]
        if min(h, w) < 5:
            return x
        return self.one(lambda: L.Cropping2D(((1, 0), (1, 2)))(x), lambda: L.CenterCrop(h - 2, w - 3)(x),
                        lambda: x[:, 1:-1], lambda: x[:, :, : w - 2, :], lambda: L.ZeroPadding2D((1, 2))(x),
                        lambda: ops.pad(x, ((0, 0), (1, 0), (0, 2), (0, 0))))()

    def resize(self, x):
        if max(x.shape[1:3]) > 10:
            return x
        return self.one(L.UpSampling2D(2), L.UpSampling2D((1, 3)), L.UpSampling2D(2, interpolation="bilinear"),
                        L.Resizing(7, 5), L.Resizing(9, 12, interpolation="nearest"))(x)

    def dense(self, x):
        return L.Dense(1 + self.below(8), activation=self.activation())(x)

    def noise(self, x):
        choices = [L.Identity(), L.Dropout(0.0)]
        if self.chance(0.3):
            self.has_noise = True
            choices = [L.Dropout(0.4), L.GaussianNoise(0.2), L.SpatialDropout2D(0.3) if len(x.shape) == 4 else
                       L.GaussianDropout(0.2), L.Dropout(0.3, noise_shape=(None,) + (1,) * (len(x.shape) - 1))]
        return choices[self.below(len(choices))](x)

    def squeeze(self, x):
        """Squeeze and excitation, in its usual spellings."""
        n = x.shape[-1]

        def row(t):
            return L.Dense(n, activation="sigmoid")(L.Dense(2, activation="relu")(t))

        return self.one(
            lambda: L.Multiply()([x, L.Reshape((1, 1, n))(row(L.GlobalAveragePooling2D()(x)))]),
            lambda: L.Multiply()([x, row(L.GlobalAveragePooling2D()(x))]),
            lambda: L.Multiply()([row(L.GlobalMaxPooling2D(keepdims=True)(x)), x]),
            lambda: x * L.Conv2D(n, 1, activation="sigmoid")(L.GlobalAveragePooling2D(keepdims=True)(x)),
            lambda: L.Multiply()([x, L.Conv2D(1, 3, padding="same", activation="sigmoid")(x)]),
            lambda: x * L.Conv2D(1, 3, padding="same", activation="sigmoid")(
                L.Concatenate()([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)])))()

    # Layers on anything.

    def arithmetic(self, x):
        """With a constant."""
        shape, n = tuple(x.shape[1:]), x.shape[-1]
        c = self.one(self.number(), np.float32(self.number()), self.array(n), self.array(1, *shape), self.array(*shape),
                     np.float32(1.5) * np.ones((1,) * len(x.shape), "float32"), ops.convert_to_tensor(self.array(n)),
                     keras.Variable(self.array(n)))
        return self.one(
            lambda: x * c, lambda: x + c, lambda: x - c, lambda: ops.subtract(c, x), lambda: self.number() - x, lambda: ops.multiply(c, x), lambda: ops.add(c, x), lambda: ops.maximum(x, c),
            lambda: ops.minimum(c, x), lambda: x / (ops.abs(ops.convert_to_tensor(c)) + 0.5), lambda: -x,
            lambda: ops.multiply(x1=x, x2=c), lambda: ops.divide(c, ops.square(x) + 1.0),
            lambda: self.number() / (ops.square(x) + 1.0),
            lambda: (ops.abs(x) + 0.5) ** self.one(2.0, 0.5, -1, 1.5),
            lambda: self.one(L.Add, L.Multiply, L.Subtract, L.Maximum, L.Minimum, L.Average)()(
                [x, ops.convert_to_tensor(self.array(1, *shape))]))()

    def function(self, x):
        return self.one(lambda: ops.sqrt(ops.abs(x) + 0.1), lambda: ops.square(x), lambda: ops.exp(ops.tanh(x)),
                        lambda: ops.log(ops.abs(x) + 0.5), lambda: ops.abs(x), lambda: ops.clip(x, -0.5, 0.8),
                        lambda: ops.relu(x), lambda: ops.sigmoid(x), lambda: ops.softmax(x), lambda: ops.gelu(x),
                        lambda: ops.rsqrt(ops.square(x) + 0.3), lambda: ops.leaky_relu(x, 0.3),
                        lambda: ops.relu6(x * 4.0), lambda: keras.activations.relu(x, max_value=1.0),
                        lambda: ops.hard_sigmoid(x), lambda: ops.cast(x, "float32"), lambda: ops.softplus(x),
                        lambda: ops.silu(x), lambda: ops.elu(x, 0.5), lambda: ops.log_softmax(x, -1),
                        lambda: ops.normalize(x, axis=-1), lambda: ops.reciprocal(ops.abs(x) + 1.0))()

    def merge(self, x):
        y = self.like(x)
        return self.one(lambda: L.Add()([x, y]), lambda: L.Multiply()([x, y]), lambda: L.Subtract()([x, y]),
                        lambda: L.Maximum()([x, y, x]), lambda: L.Minimum()([y, x]), lambda: L.Average()([x, y, y]),
                        lambda: L.Concatenate()([x, y]), lambda: x + y, lambda: x * y, lambda: x - y,
                        lambda: ops.maximum(x, y), lambda: L.Add()(inputs=[x, y]), lambda: L.Concatenate(axis=1)([x, y]),
                        lambda: x / (ops.square(y) + 0.5), lambda: ops.concatenate([x, y], axis=-1),
                        lambda: ops.add(x1=x, x2=y))()

    def broadcast(self, x):
        axis = self.below(len(x.shape) - 1) + 1 if len(x.shape) == 4 else -1
        y = self.one(ops.mean, ops.max, ops.min, ops.sum)(x, axis=axis, keepdims=True)
        if self.chance(0.3):
            y = y / float(x.shape[axis])
        return self.one(lambda: x * y, lambda: x - y, lambda: ops.add(y, x), lambda: L.Multiply()([x, y]),
                        lambda: L.Maximum()([y, x]), lambda: x / (ops.abs(y) + 0.7))()

    def shared(self, x):
        """One layer, called twice."""
        layer = self.one(L.Conv2D(x.shape[-1], 3, padding="same") if len(x.shape) == 4 else L.Dense(x.shape[-1]),
                         L.BatchNormalization(), L.LayerNormalization(epsilon=1e-2), L.Dense(x.shape[-1]), L.PReLU())
        return L.Add()([layer(x), layer(self.like(x))]) if self.chance(0.5) else layer(layer(x))

    def nested(self, x):
        """A model in the model; perhaps called twice, or for inference only."""
        shape = tuple(x.shape[1:])
        if len(shape) == 3 and self.chance(0.5):
            model = keras.Sequential([keras.Input(shape), L.Conv2D(shape[-1], 3, padding="same", use_bias=False),
                                      L.BatchNormalization(), L.Activation(self.activation())])
        else:
            i = keras.Input(shape)
            y = L.Dense(shape[-1], activation="tanh")(i) * self.number()
            y = L.BatchNormalization()(y) if self.chance(0.5) else L.LayerNormalization(epsilon=1e-2)(y)
            model = keras.Model(i, self.one(lambda: y + i, lambda: y, lambda: L.Maximum()([y, i]))())
        if self.chance(0.2):
            model.trainable = False
        if self.chance(0.3):
            return model(x, training=False)
        return model(model(x)) if self.chance(0.3) else model(x)

    def reshape(self, x):
        sides = tuple(x.shape[1:])
        if len(sides) == 3:
            h, w, c = sides
            return self.one(lambda: L.Reshape((h * w, c))(x), lambda: L.Permute((2, 1, 3))(x),
                            lambda: L.Permute((3, 1, 2))(x), lambda: ops.transpose(x, (0, 2, 3, 1)),
                            lambda: L.Reshape((w, h, c))(x), lambda: ops.reshape(x, (-1, h, w * c)),
                            lambda: L.Reshape((-1,))(x), lambda: x[:, 0], lambda: x[:, :, -1, :],
                            lambda: ops.mean(x, axis=self.one(1, 2, 3)), lambda: ops.sum(x, axis=[1, 2]) / float(h * w),
                            lambda: L.Flatten()(x), lambda: L.GlobalAveragePooling2D()(x),
                            lambda: L.GlobalMaxPooling2D()(x))()
        if len(sides) == 2:
            a, b = sides
            return self.one(lambda: L.Reshape((a, b, 1))(x), lambda: L.Reshape((1, a, b))(x), lambda: L.Flatten()(x),
                            lambda: L.Permute((2, 1))(x), lambda: ops.mean(x, axis=1), lambda: x[:, :, 0],
                            lambda: ops.max(x, axis=-1))()
        n = sides[0]
        return self.one(lambda: L.Reshape((1, 1, n))(x), lambda: L.Reshape((n, 1))(x),
                        lambda: L.Reshape((2, n // 2))(x) if n % 2 == 0 else L.Reshape((1, n))(x),
                        lambda: L.Dense(12, activation=self.activation())(x))()

    def unsupported(self, x):
        return self.one(lambda: ops.sin(x), lambda: L.Activation("sparsemax")(x), lambda: ops.flip(x, -1),
                        lambda: L.Dropout(0.5)(x, training=True), lambda: ops.cumsum(x, -1),
                        lambda: ops.expand_dims(ops.mean(x, axis=list(range(1, len(x.shape)))), 1),
                        lambda: ops.repeat(x, 2, axis=-1), lambda: L.Dot(-1)([x, x]) if len(x.shape) == 2 else ops.sin(x))()

    def step(self, x):
        anything = [self.arithmetic, self.arithmetic, self.function, self.merge, self.merge, self.broadcast, self.shared,
                    self.nested, self.normalization, self.activate, self.noise, self.dense, self.reshape]
        pictures = [self.convolution, self.convolution, self.groups, self.depthwise, self.separable, self.transposed,
                    self.pooling, self.cut, self.resize, self.squeeze, self.squeeze]
        choices = anything + (pictures if len(x.shape) == 4 else [])
        if self.chance(0.004):
            choices = [self.unsupported]
        return choices[self.below(len(choices))](x)

    def model(self):
        inputs = keras.Input((6 + self.below(8), 6 + self.below(8), self.one(1, 1, 3)))
        x = L.Conv2D(3 + self.below(6), 3, padding="same")(inputs) if self.chance(0.7) else inputs
        self.tensors.append(x)
        for _ in range(3 + self.below(8)):
            try:
                y = self.step(x)
            except (ValueError, TypeError):
                continue  # Keras itself has no such model
            if np.prod(y.shape[1:]) > 20000:
                continue
            self.tensors.append(y)
            x = y if self.chance(0.85) else self.tensors[self.below(len(self.tensors))]
        if len(x.shape) == 4:
            x = self.one(L.GlobalAveragePooling2D(), L.Flatten(), L.GlobalMaxPooling2D())(x)
        elif len(x.shape) == 3:
            x = L.Flatten()(x)
        x = L.Dense(2 + self.below(6))(x)
        if self.chance(0.7):
            x = L.Softmax()(x)
        return keras.Model(inputs, x)


def layers_of(model):
    for layer in model.layers:
        yield from layers_of(layer) if isinstance(layer, keras.Model) else [layer]


def randomize(model, random):
    """Weights that are not what a layer begins with."""
    for layer in layers_of(model):
        for weight in layer.weights:
            name, shape = weight.name, tuple(weight.shape)
            values = random.standard_normal(shape)
            if "variance" in name:
                values = np.abs(values) + 0.5
            elif name in ("gamma", "scale"):
                values = values * 0.3 + 1
            elif name == "kernel" or name.endswith("kernel"):
                values = values / max(1.0, np.sqrt(np.prod(shape[:-1])))
            else:
                values = values * 0.3
            if not name.startswith("seed") and name != "count":
                weight.assign(values.astype("float32") if shape else np.float32(values))


def main():
    folder, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for seed in range(first, first + count):
        keras.backend.clear_session()
        maker = Maker(seed)
        model = maker.model()
        randomize(model, maker.random)
        pictures = maker.random.random((PICTURES,) + model.input_shape[1:]).astype("float32")
        result = np.asarray(model(pictures, training=False))
        if not np.isfinite(result).all() or np.abs(result).max() > 1e4:
            continue
        path = os.path.join(folder, str(seed))
        model.save(path + ".keras")
        pictures.tofile(path + ".input")
        result.astype("float32").tofile(path + ".output")
        if isinstance(model.layers[-1], L.Softmax) and not maker.has_noise and model.trainable_weights:
            targets = maker.random.dirichlet(np.ones(result.shape[1]), PICTURES).astype("float32")
            with tf.GradientTape() as tape:
                loss = keras.losses.CategoricalCrossentropy()(targets, model(pictures, training=True))
            gradients = tape.gradient(loss, [w.value for w in model.trainable_weights])
            flat = [np.zeros(w.shape, "float32").ravel() if g is None else np.asarray(g).ravel()
                    for w, g in zip(model.trainable_weights, gradients)]
            targets.tofile(path + ".targets")
            np.concatenate(flat).astype("float32").tofile(path + ".gradients")
        print(seed, flush=True)


main()
