"""Writes a chain of Keras layers as an ONNX file (onnx.proto3, opset 13), so that ONNX Runtime can be measured without
the package onnx. Knows what the benchmark's network is made of: Rescaling, Conv2D, MaxPooling2D, Flatten, Dense."""
import numpy


def number(value):
    """A varint."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(index, value):
    """One field of a message: a whole number, or bytes."""
    if isinstance(value, int):
        return number(index << 3) + number(value)
    if isinstance(value, str):
        value = value.encode()
    return number(index << 3 | 2) + number(len(value)) + value


def attribute(name, value):
    if isinstance(value, int):
        return field(5, field(1, name) + field(3, value) + field(20, 2))
    return field(5, field(1, name) + b"".join(field(8, each) for each in value) + field(20, 7))


def node(kind, inputs, output, **attributes):
    body = b"".join(field(1, each) for each in inputs) + field(2, output) + field(4, kind)
    return field(1, body + b"".join(attribute(*each) for each in attributes.items()))


def tensor(name, array):
    kind = {"float32": 1, "int64": 7}[array.dtype.name]
    body = b"".join(field(1, side) for side in array.shape) + field(2, kind) + field(8, name)
    return field(5, body + field(9, array.tobytes()))


def value_info(index, name, sides):
    dims = b"".join(
        field(1, field(2, side) if isinstance(side, str) else field(1, side)) for side in sides)
    return field(index, field(1, name) + field(2, field(1, field(1, 1) + field(2, dims))))


def encode(model):
    """The ONNX file of a Keras model with one gray picture as input, laid out as [batch, 1, height, width]."""
    graph = b""
    last = "input"
    for layer in model.layers:
        kind, name = type(layer).__name__, layer.name
        arrays = [numpy.asarray(weight, dtype="float32") for weight in layer.weights]
        if kind == "Rescaling":
            graph += tensor(name + ".scale", numpy.float32([layer.scale]))
            graph += node("Mul", [last, name + ".scale"], name)
        elif kind == "Conv2D":
            graph += tensor(name + ".kernel", numpy.ascontiguousarray(arrays[0].transpose(3, 2, 0, 1)))
            graph += tensor(name + ".bias", arrays[1])
            graph += node("Conv", [last, name + ".kernel", name + ".bias"], name + ".sum",
                          kernel_shape=list(layer.kernel_size))
            graph += node("Relu", [name + ".sum"], name)
        elif kind == "MaxPooling2D":
            graph += node("MaxPool", [last], name, kernel_shape=list(layer.pool_size), strides=list(layer.strides))
        elif kind == "Flatten":
            graph += tensor(name + ".shape", numpy.int64([0, -1]))
            graph += node("Transpose", [last], name + ".rows", perm=[0, 2, 3, 1])
            graph += node("Reshape", [name + ".rows", name + ".shape"], name)
        elif kind == "Dense":
            graph += tensor(name + ".kernel", arrays[0]) + tensor(name + ".bias", arrays[1])
            graph += node("Gemm", [last, name + ".kernel", name + ".bias"], name + ".sum")
            softmax = layer.activation.__name__ == "softmax"
            graph += node("Softmax" if softmax else "Relu", [name + ".sum"], name)
        elif kind in ("Dropout", "InputLayer"):
            continue
        else:
            raise ValueError(f"{kind} is not known here")
        last = name
    height, width = model.input_shape[1:3]
    graph += value_info(11, "input", ["batch", 1, height, width])
    graph += value_info(12, last, ["batch", model.output_shape[1]])
    return field(1, 8) + field(7, field(2, "model") + graph) + field(8, field(2, 13))
