"""Runs exported models in independent runtimes and compares their answers with the emulator's own.

    compare.py RUNTIME FOLDER     RUNTIME: opencv, checker, coreml; FOLDER: written by make_models

opencv: ONNX and frozen graphs in OpenCV's dnn module. checker: the official ONNX checker. coreml: the layers of Core
ML files, evaluated by the public format's numbers; and the structure of SavedModel files.
Prints the largest differences; ends with 1 above the tolerance, with 77 if a module is not installed.
"""
import hashlib
import json
import os
import sys
import zipfile

TOLERANCE = 1e-4
HALF_TOLERANCE = 5e-3  # weights rounded to 11 bits

try:
    import numpy

    import coreml_reader
    if sys.argv[1] == "opencv":
        import cv2
    if sys.argv[1] in ("opencv", "checker"):
        import onnx
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

from protobuf import parse

ANCHORS = numpy.array([[0.573, 0.677], [1.87, 2.06], [3.34, 5.47], [7.88, 3.53], [9.77, 9.17]])


class Case:
    """One trained model: its description, its pictures and its archives."""

    def __init__(self, folder):
        self.folder, self.name = folder, os.path.basename(folder)
        with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
            description = json.load(file)
        self.side, self.bgr, self.labels = description["side"], description["bgr"], description["labels"]
        self.expected = description["pictures"]
        self.detects = "detector" in self.name

    def pixels(self, index):
        """Channels first, in the model's order of colours."""
        path = os.path.join(self.folder, f"{index}.rgb")
        image = numpy.fromfile(path, numpy.uint8).reshape(self.side, self.side, 3).astype(numpy.float32)
        return image[:, :, ::-1 if self.bgr else 1].transpose(2, 0, 1).copy()

    def read(self, archive, name):
        path = os.path.join(self.folder, archive + ".zip")
        if not os.path.exists(path):
            return None
        with zipfile.ZipFile(path) as file:
            assert file.testzip() is None, path
            return file.read(name)


def overlap(a, b):
    low, high = numpy.maximum(a[2:4], b[2:4]), numpy.minimum(a[2:4] + a[4:], b[2:4] + b[4:])
    common = numpy.prod(numpy.maximum(high - low, 0))
    return common / (numpy.prod(a[4:]) + numpy.prod(b[4:]) - common)


def decode_yolo(cells):
    """cells: channels, rows, columns. Rows of label, probability, left, top, width, height, best first."""
    side = cells.shape[1]
    cells = cells.reshape(len(ANCHORS), -1, side, side).transpose(0, 2, 3, 1).astype(numpy.float64)
    rows, columns = numpy.mgrid[0:side, 0:side]
    centre = (cells[..., 0:2] + numpy.stack([columns, rows], axis=-1)) / side
    size = numpy.exp(cells[..., 2:4]) * ANCHORS[:, None, None] / side
    shares = numpy.exp(cells[..., 5:] - cells[..., 5:].max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    probability = shares.max(axis=-1) / (1 + numpy.exp(-cells[..., 4]))
    table = numpy.concatenate([shares.argmax(axis=-1)[..., None], probability[..., None], centre - size / 2, size],
                              axis=-1).reshape(-1, 6)
    kept = []
    for box in table[numpy.argsort(-table[:, 1], kind="stable")]:
        if box[1] < 0.01 or len(kept) == 64:
            break
        if all(overlap(box, other) <= 0.45 for other in kept):
            kept.append(box)
    return kept


def box_difference(expected, actual):
    """The same boxes; those near the lower limit of probability may be missing on one side."""
    near = 0.02
    expected = [numpy.array(box) for box in expected if box[1] > near]
    left, most = list(actual), 0.0
    for box in expected:
        distances = [abs(box - other).max() if box[0] == other[0] else numpy.inf for other in left]
        best = int(numpy.argmin(distances)) if distances else -1
        if best < 0 or distances[best] == numpy.inf:
            return numpy.inf
        most = max(most, distances[best])
        left.pop(best)
    return numpy.inf if any(box[1] > near for box in left) else most


def compare(case, run):
    most = 0.0
    for index, expected in enumerate(case.expected):
        answer = run(case.pixels(index))
        if case.detects:
            most = max(most, box_difference(expected, decode_yolo(answer)))
        else:
            most = max(most, float(abs(numpy.array(expected) - answer.ravel()).max()))
    return most


def onnx_without_label_nodes(data, labels):
    """OpenCV does not know ai.onnx.ml: the graph up to the probabilities."""
    model = onnx.load_from_string(data)
    kept = [node for node in model.graph.node if node.op_type not in ("ArgMax", "LabelEncoder", "ZipMap")]
    del model.graph.node[:]
    model.graph.node.extend(kept)
    del model.graph.output[:]
    model.graph.output.append(onnx.helper.make_tensor_value_info("loss1", onnx.TensorProto.FLOAT, [1, labels]))
    return model.SerializeToString()


def opencv_onnx(case):
    if case.name == "s1_detector":  # OpenCV has no NonMaxSuppression
        return None
    data = case.read("ONNX", "model.onnx")
    if case.bgr and not case.detects:
        data = onnx_without_label_nodes(data, len(case.labels))
    net = cv2.dnn.readNetFromONNX(numpy.frombuffer(data, numpy.uint8))

    def run(pixels):
        net.setInput(pixels[None])
        return net.forward()[0]
    return run


def opencv_frozen(case):
    if case.name == "s1_detector":
        return None
    data = case.read("TensorFlow", "model.pb")
    net = cv2.dnn.readNetFromTensorflow(numpy.frombuffer(data, numpy.uint8))

    def run(pixels):
        net.setInput(pixels[None])
        return net.forward()[0]
    return run


def coreml(archive):
    def load(case):
        data = case.read(archive, "model.mlmodel")
        if data is None:
            return None
        model = coreml_reader.Model(data)
        assert (model.side, model.bgr, model.input) == (case.side, case.bgr, "data")
        assert model.version == (2 if "Float16" in archive else 1)
        assert model.outputs == (["model_outputs0"] if case.detects else ["loss", "classLabel"])
        assert case.detects or model.labels == case.labels
        return model.run
    return load


def check_saved_model(case):
    data = case.read("TensorFlow.TensorFlowSavedModel", "saved_model.pb")
    if data is None:
        return
    saved = parse(data)
    meta = parse(saved[2][0])
    assert saved[1] == [1] and parse(meta[1][0])[4] == [b"serve"]
    entry = parse(meta[5][0])
    assert entry[1] == [b"serving_default"]
    signature = parse(entry[2][0])
    nodes = {parse(node)[1][0] for node in parse(meta[2][0])[1]}
    for side in (1, 2):
        info = parse(parse(signature[side][0])[2][0])
        assert info[1][0].removesuffix(b":0") in nodes and info[2] == [1]
    assert meta[2][0] == case.read("TensorFlow", "model.pb")
    print("ok   SavedModel", case.name, "signature and graph")


def check_archive(case):
    """What every archive has: manifest with the model's checksum, labels, metadata."""
    for archive, model in (("ONNX", "model.onnx"), ("TensorFlow.TensorFlowLite", "model.tflite")):
        data = case.read(archive, model)
        if data is None:
            continue
        manifest = json.loads(case.read(archive, "cvexport.manifest"))
        assert manifest["ModelFileSHA1"] == hashlib.sha1(data).hexdigest()
        assert case.read(archive, "labels.txt").decode().split("\n") == case.labels
        assert len(json.loads(case.read(archive, "metadata_properties.json"))) == 20


def check_onnx(case):
    for archive in ("ONNX", "ONNX.ONNXFloat16"):
        model = onnx.load_from_string(case.read(archive, "model.onnx"))
        onnx.checker.check_model(model)
        keys = {entry.key: entry.value for entry in model.metadata_props}
        assert keys == {"Image.BitmapPixelFormat": "Bgr8" if case.bgr else "Rgb8",
                        "Image.NominalPixelRange": "NominalRange_0_255"}
        print("ok   checker", case.name, archive)


RUNS = {"opencv": {"ONNX": opencv_onnx, "TensorFlow": opencv_frozen},
        "coreml": {"CoreML": coreml("CoreML"), "CoreML.CoreMLFloat16": coreml("CoreML.CoreMLFloat16")},
        "checker": {}}
CHECKS = {"opencv": [check_archive], "coreml": [check_saved_model], "checker": [check_onnx]}


def main():
    runtime, folder = sys.argv[1:]
    bad = False
    for name in sorted(os.listdir(folder)):
        case = Case(os.path.join(folder, name))
        for check in CHECKS[runtime]:
            check(case)
        for label, load in RUNS[runtime].items():
            run = load(case)
            if run is None:
                continue
            most = compare(case, run)
            good = most <= (HALF_TOLERANCE if "Float16" in label else TOLERANCE)
            bad = bad or not good
            print("ok  " if good else "BAD ", runtime, name, label, f"largest difference {most:.1e}")
    return 1 if bad else 0


sys.exit(main())
