"""Runs the layers of a Core ML model with numpy, by the numbers of the public mlmodel format."""
import numpy

from protobuf import packed, parse

CLASSIFIER, NETWORK = 403, 500
CONVOLUTION, POOLING, ACTIVATION, INNER_PRODUCT, SOFTMAX, FLATTEN, CONCAT = 100, 120, 130, 140, 175, 301, 320


def weights(message):
    fields = parse(message)
    if 1 in fields:
        return numpy.frombuffer(fields[1][0], "<f4")
    return numpy.frombuffer(fields[2][0], "<f2").astype(numpy.float32)


def pool(x, message):
    fields = parse(message)
    kernel, stride = packed(fields[10][0]), packed(fields[20][0])
    assert kernel == stride and 30 in fields, "pools are valid and do not overlap"
    channels, height, width = x.shape
    side = kernel[0]
    cells = x[:, :height // side * side, :width // side * side]
    cells = cells.reshape(channels, height // side, side, width // side, side)
    return cells.mean(axis=(2, 4)) if fields.get(1) == [1] else cells.max(axis=(2, 4))


def convolve(x, message):
    fields = parse(message)
    outputs, inputs = fields[1][0], fields[2][0]
    side = packed(fields[20][0])[0]
    assert fields[10] == [1] and packed(fields[30][0]) == [1, 1] and fields[70] == [1]
    kernel = weights(fields[90][0]).reshape(outputs, inputs, side, side)
    if 51 in fields:  # same
        x = numpy.pad(x, ((0, 0), (side // 2, side // 2), (side // 2, side // 2)))
    height, width = x.shape[1] - side + 1, x.shape[2] - side + 1
    out = numpy.zeros((outputs, height, width), numpy.float32)
    for row in range(side):
        for column in range(side):
            part = x[:, row:row + height, column:column + width]
            out += numpy.tensordot(kernel[:, :, row, column], part, axes=1)
    return out + weights(fields[91][0])[:, None, None]


def activate(x, message):
    fields = parse(message)
    if 10 in fields:
        return numpy.maximum(x, 0)
    assert 40 in fields, "ReLU or sigmoid"
    return 1 / (1 + numpy.exp(-x))


def inner_product(x, message):
    fields = parse(message)
    matrix = weights(fields[20][0]).reshape(fields[2][0], fields[1][0])
    return matrix @ x.ravel() + weights(fields[21][0])


def softmax(x, _):
    e = numpy.exp(x - x.max())
    return e / e.sum()


class Model:
    def __init__(self, data):
        model = parse(data)
        self.version = model[1][0]
        self.classifies = CLASSIFIER in model
        network = parse(model[CLASSIFIER if self.classifies else NETWORK][0])
        self.layers = [parse(layer) for layer in network[1]]
        self.labels = [label.decode() for label in parse(network[100][0])[1]] if self.classifies else None
        description = parse(model[2][0])
        feature = parse(description[1][0])
        image = parse(parse(feature[3][0])[4][0])
        self.input = feature[1][0].decode()
        self.side, self.bgr = image[1][0], image[3] == [30]
        self.outputs = [parse(output)[1][0].decode() for output in description[10]]

    def run(self, pixels):
        """pixels: channels first, 0..255. The value of the last layer."""
        values = {self.input: pixels}
        for layer in self.layers:
            inputs = [values[name.decode()] for name in layer[2]]
            values[layer[3][0].decode()] = result = self.evaluate(layer, inputs)
        return result

    @staticmethod
    def evaluate(layer, inputs):
        if CONCAT in layer:
            return numpy.concatenate(inputs)
        if FLATTEN in layer:
            return inputs[0].ravel()
        steps = {CONVOLUTION: convolve, POOLING: pool, ACTIVATION: activate, INNER_PRODUCT: inner_product,
                 SOFTMAX: softmax}
        for kind, step in steps.items():
            if kind in layer:
                return step(inputs[0], layer[kind][0])
        raise ValueError("an unknown kind of layer")
