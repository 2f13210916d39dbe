#include "exporting/docker.h"

namespace cvemu::exporting {

namespace {

constexpr const char* kDockerfile = R"(RUN pip install --no-cache-dir -r /app/requirements.txt
EXPOSE 80
WORKDIR /app
CMD ["python", "app.py"]
)";

constexpr const char* kReadme = R"(Build and run:

    docker build -t model .
    docker run -p 127.0.0.1:80:80 model

Ask it:

    curl -X POST http://127.0.0.1/image -F imageData=@some_image.jpg
    curl -X POST http://127.0.0.1/image -H "Content-Type: application/octet-stream" --data-binary @some_image.jpg
    curl -X POST http://127.0.0.1/url -H "Content-Type: application/json" -d '{"url": "http://host/some_image.jpg"}'

The same answers come from the paths of the prediction API,
/<project>/{classify|detect}/iterations/<publishedName>/{image|url}[/nostore].
)";

constexpr const char* kApp = R"py(import io
import json
import os
import urllib.request

from flask import Flask, jsonify, request
from PIL import Image

from predict import Predictor

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 4 * 1024 * 1024
predictor = Predictor(os.path.dirname(os.path.abspath(__file__)))


def answer(data):
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except (OSError, ValueError):
        return jsonify({"code": "BadRequestImageFormat", "message": "Bad Request Image Format"}), 400
    return jsonify(predictor.predict(image))


@app.route("/")
def index():
    return "The model is ready. POST an image to /image or a URL to /url."


@app.route("/image", methods=["POST"])
@app.route("/<project>/<kind>/iterations/<name>/image", methods=["POST"])
@app.route("/<project>/<kind>/iterations/<name>/image/nostore", methods=["POST"])
def image(project=None, kind=None, name=None):
    if "imageData" in request.files:
        return answer(request.files["imageData"].read())
    return answer(request.get_data())


@app.route("/url", methods=["POST"])
@app.route("/<project>/<kind>/iterations/<name>/url", methods=["POST"])
@app.route("/<project>/<kind>/iterations/<name>/url/nostore", methods=["POST"])
def url(project=None, kind=None, name=None):
    try:
        address = json.loads(request.get_data())["url"]
        if not address.lower().startswith(("http://", "https://")):
            raise ValueError("not a web address")
        with urllib.request.urlopen(address, timeout=30) as response:
            data = response.read(4 * 1024 * 1024)
    except (KeyError, TypeError, ValueError, AttributeError, OSError):
        return jsonify({"code": "BadRequestImageUrl", "message": "Bad Request Image Url"}), 400
    return answer(data)


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=80)
)py";

constexpr const char* kPredict = R"py(import datetime
import json
import os
import uuid

import numpy
from PIL import ImageOps

try:
    from tflite_runtime.interpreter import Interpreter
except ImportError:
    from tensorflow.lite import Interpreter

ANCHORS = numpy.array([[0.573, 0.677], [1.87, 2.06], [3.34, 5.47], [7.88, 3.53], [9.77, 9.17]])
MAX_BOXES = 64
MIN_PROBABILITY = 0.01
SUPPRESS_OVERLAP = 0.45


def logistic(x):
    return 1 / (1 + numpy.exp(-x))


def overlap(a, b):
    low = numpy.maximum(a[:2], b[:2])
    high = numpy.minimum(a[:2] + a[2:], b[:2] + b[2:])
    common = numpy.prod(numpy.maximum(high - low, 0))
    return common / (numpy.prod(a[2:]) + numpy.prod(b[2:]) - common)


def decode(cells):
    """The boxes (left, top, width, height), probabilities and labels of a YOLO head, best first."""
    side = cells.shape[0]
    cells = cells.reshape(side, side, len(ANCHORS), -1).astype(numpy.float64)
    rows, columns = numpy.mgrid[0:side, 0:side]
    centre = (cells[..., 0:2] + numpy.stack([columns, rows], axis=-1)[:, :, None, :]) / side
    size = numpy.exp(cells[..., 2:4]) * ANCHORS / side
    shares = numpy.exp(cells[..., 5:] - cells[..., 5:].max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    probability = (logistic(cells[..., 4]) * shares.max(axis=-1)).ravel()
    boxes = numpy.concatenate([centre - size / 2, size], axis=-1).reshape(-1, 4)
    labels = shares.argmax(axis=-1).ravel()
    kept = []
    for i in numpy.argsort(-probability, kind="stable"):
        if probability[i] < MIN_PROBABILITY or len(kept) == MAX_BOXES:
            break
        if all(overlap(boxes[i], boxes[k]) <= SUPPRESS_OVERLAP for k in kept):
            kept.append(i)
    return [(boxes[i], probability[i], labels[i]) for i in kept]


class Predictor:
    def __init__(self, folder):
        with open(os.path.join(folder, "cvexport.manifest"), encoding="utf-8") as file:
            self.manifest = json.load(file)
        with open(os.path.join(folder, "labels.txt"), encoding="utf-8") as file:
            self.labels = file.read().split("\n")
        self.interpreter = Interpreter(model_path=os.path.join(folder, "model.tflite"))
        self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]
        self.output = self.interpreter.get_output_details()[0]

    def run(self, image):
        side = int(self.input["shape"][1])
        image = ImageOps.exif_transpose(image).convert("RGB").resize((side, side), resample=4)  # 4: area average
        pixels = numpy.asarray(image, dtype=numpy.float32)
        # General (compact) models take blue first; their input has the name "Placeholder".
        if self.input["name"].startswith("Placeholder"):
            pixels = pixels[:, :, ::-1]
        self.interpreter.set_tensor(self.input["index"], pixels[numpy.newaxis])
        self.interpreter.invoke()
        return self.interpreter.get_tensor(self.output["index"])[0]

    def predict(self, image):
        output = self.run(image)
        if self.manifest["DomainType"] == "ObjectDetection":
            predictions = [self.prediction(label, probability, box) for box, probability, label in decode(output)]
        else:
            order = numpy.argsort(-output, kind="stable")
            predictions = [self.prediction(label, output[label]) for label in order]
        return {"id": str(uuid.uuid4()), "project": "", "iteration": self.manifest["IterationId"],
                "created": datetime.datetime.utcnow().isoformat() + "Z", "predictions": predictions}

    def prediction(self, label, probability, box=None):
        result = {"probability": float(probability), "tagId": "", "tagName": self.labels[label]}
        if box is not None:
            names = ("left", "top", "width", "height")
            result["boundingBox"] = {name: float(value) for name, value in zip(names, box)}
        return result
)py";

constexpr const char* kScore = R"py(import base64
import io
import os
import sys

from PIL import Image

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "app")
sys.path.insert(0, FOLDER)

predictor = None


def init():
    global predictor
    from predict import Predictor
    predictor = Predictor(FOLDER)


def run(data):
    """data: the bytes of an image in base64."""
    return predictor.predict(Image.open(io.BytesIO(base64.b64decode(data))))
)py";

// tflite-runtime has no build for Windows.
std::string requirements(DockerFlavor flavor) {
  const std::string runtime = flavor == DockerFlavor::Windows ? "tensorflow-cpu<2.16" : "tflite-runtime";
  return "flask\npillow\nnumpy<2\n" + runtime + "\n";
}

std::string dockerfile(DockerFlavor flavor) {
  const std::string base =
      flavor == DockerFlavor::Windows ? "python:3.9-windowsservercore" : "python:3.9-slim";
  return "FROM " + base + "\nCOPY app /app\n" + kDockerfile;
}

}  // namespace

std::vector<File> docker_files(DockerFlavor flavor) {
  return {{"Dockerfile", dockerfile(flavor)},
          {"README.txt", kReadme},
          {"app/app.py", kApp},
          {"app/predict.py", kPredict},
          {"app/requirements.txt", requirements(flavor)},
          {"azureml/README", "score.py has the init() and run(data) that Azure Machine Learning calls.\n"},
          {"azureml/score.py", kScore}};
}

}  // namespace cvemu::exporting
