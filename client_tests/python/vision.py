"""The official clients of Custom Vision. Every answer's whole shape is compared, and who was called is remembered."""
import json

import custom_vision_client  # noqa: F401 (skips without it)
from azure.cognitiveservices.vision.customvision.prediction import CustomVisionPredictionClient
from azure.cognitiveservices.vision.customvision.training import CustomVisionTrainingClient
from msrest.authentication import ApiKeyCredentials
from msrest.exceptions import HttpOperationError

from emulator import ROOT, Emulator
from shapes import answer_problems, error_problems

NOBODY = "00000000-0000-4000-8000-000000000001"  # an id that nothing has
NOWHERE = "http://127.0.0.1:1/image.png"  # a URL that nothing answers
OPERATIONS = [row["name"] for row in
              json.loads((ROOT / "fixtures" / "operations" / "customvision.json").read_text("utf-8"))["operations"]]


def operation_of(method: str) -> str:
    return "".join(word.capitalize() for word in method.split("_"))


class Vision:
    def __init__(self, test):
        self.test = test
        self.emulator = Emulator("--training-time", "2s", "--export-time", "1s")
        self.known = self.clients(self.emulator.ready["trainingKey"], self.emulator.ready["predictionKey"])
        self.strangers = self.clients("", "")
        self.succeeded, self.failed = set(), set()

    def clients(self, training_key: str, prediction_key: str) -> list:
        return [client(self.emulator.endpoint, ApiKeyCredentials(in_headers={header: key})) for client, header, key in (
            (CustomVisionTrainingClient, "Training-key", training_key),
            (CustomVisionPredictionClient, "Prediction-key", prediction_key))]

    def __call__(self, method: str, *values, **options):
        """Calls a method that must succeed."""
        client = next(client for client in self.known if hasattr(client, method))
        answer = getattr(client, method)(*values, raw=True, **options)
        self.test.assertEqual(answer_problems(operation_of(method), answer.response), [], method)
        self.succeeded.add(operation_of(method))
        return answer.output

    def refuses(self, code: str, method: str, *values, clients=None, **options) -> None:
        client = next(client for client in clients or self.known if hasattr(client, method))
        with self.test.assertRaises(HttpOperationError, msg=method) as caught:
            getattr(client, method)(*values, **options)
        response = caught.exception.response
        body = json.loads(response.text)
        self.test.assertEqual(body.get("code") or body["error"]["code"], code, method)
        self.test.assertEqual(error_problems(response), [], method)
        self.failed.add(operation_of(method))
