"""Runs every NAME.onnx of a folder with ONNX Runtime on NAME.input (floats, of the shape in NAME.shape) and writes all
outputs, one after the other, to NAME.output, and their shapes, a line each, to NAME.shapes. What ONNX Runtime does not
run is said in NAME.error."""
import glob
import sys

import numpy
import onnxruntime

settings = onnxruntime.SessionOptions()
settings.log_severity_level = 4
settings.intra_op_num_threads = 1
for path in sorted(glob.glob(sys.argv[1] + "/*.onnx")):
    base = path[:-5]
    try:
        session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
        shape = [int(side) for side in open(base + ".shape").read().split()]
        picture = numpy.fromfile(base + ".input", dtype="float32").reshape(shape)
        results = session.run(None, {session.get_inputs()[0].name: picture})
        numpy.concatenate([each.astype("float32").ravel() for each in results]).tofile(base + ".output")
        with open(base + ".shapes", "w") as file:
            file.writelines(" ".join(map(str, each.shape)) + "\n" for each in results)
    except Exception as error:
        with open(base + ".error", "w") as file:
            file.write(str(error))
