"""Every version of the API answers exactly the keys that it has, and knows exactly its operations."""
import json
import unittest

from emulator import ROOT
from odd_clients_test import BYTES, JSON, RESOURCE, Endpoint, batch
from pictures import scene
from shapes import FACTS, key_problems, parse

TRAINING = ("v3.0", "v3.1", "v3.2", "v3.3", "v3.4-preview")
# The version of Training whose fields a version of Prediction has.
PREDICTION = {"v3.0": "v3.0", "v3.1": "v3.3"}
SINCE = {row["name"]: row["since"] for row in
         json.loads((ROOT / "fixtures" / "operations" / "customvision.json").read_text("utf-8"))["operations"]}

# Each operation that answers objects and can be asked again and again. {i}: iteration, {t}: tag, {m}: image, {p}: project.
REQUESTS = (
    ("GetDomains", "GET", "/domains"), ("GetDomain", "GET", "/domains/0732100f-1a38-4e49-a514-c9b44c697ab5"),
    ("GetProjects", "GET", "/projects"), ("CreateProject", "POST", "/projects?name=x"), ("GetProject", "GET", "{p}"),
    ("UpdateProject", "PATCH", "{p}", "{}"), ("ExportProject", "GET", "{p}/export"),
    ("GetImages", "GET", "{p}/images"), ("GetImagesByIds", "GET", "{p}/images/id?imageIds={m}"),
    ("GetTaggedImages", "GET", "{p}/images/tagged"), ("GetUntaggedImages", "GET", "{p}/images/untagged"),
    ("CreateImagesFromFiles", "POST", "{p}/images/files", batch(scene("disc", 0)[0])),
    ("UpdateImageMetadata", "POST", "{p}/images/metadata?imageIds={m}", '{"a":"b"}'),
    ("CreateImageTags", "POST", "{p}/images/tags", '{"tags":[{"imageId":"{m}","tagId":"{t}"}]}'),
    ("GetImageRegionProposals", "POST", "{p}/images/{m}/regionproposals"),
    ("SuggestTagsAndRegions", "POST", "{p}/tagsandregions/suggestions?iterationId={i}&imageIds={u}"),
    ("QuerySuggestedImages", "POST", "{p}/images/suggested?iterationId={i}", '{"tagIds":["{t}"],"threshold":0}'),
    ("GetIterations", "GET", "{p}/iterations"), ("GetIteration", "GET", "{p}/iterations/{i}"),
    ("UpdateIteration", "PATCH", "{p}/iterations/{i}", '{"name":"renamed"}'),
    ("GetExports", "GET", "{p}/iterations/{i}/export"),
    ("GetIterationPerformance", "GET", "{p}/iterations/{i}/performance"),
    ("GetImagePerformances", "GET", "{p}/iterations/{i}/performance/images"),
    ("QuickTestImage", "POST", "{p}/quicktest/image?iterationId={i}", scene("disc", 3)[0]),
    ("QueryPredictions", "POST", "{p}/predictions/query", "{}"),
    ("GetTags", "GET", "{p}/tags"), ("GetTag", "GET", "{p}/tags/{t}"), ("UpdateTag", "PATCH", "{p}/tags/{t}", "{}"),
    ("TrainProject", "POST", "{p}/train?forceTrain=true"))


class Versions(Endpoint):
    def setUp(self):
        super().setUp()
        other = self.ok("POST", f"{self.root}/tags?name=b")["id"]
        for kind, tag in (("disc", self.tag), ("square", other)):
            for number in range(5):
                image = self.upload(f"?tagIds={tag}", scene(kind, number)[0])
        self.ok("POST", f"{self.root}/images/metadata?imageIds={image}", '{"a":"b"}', JSON)
        iteration = self.ok("POST", f"{self.root}/train")["id"]
        self.emulator.advance("2s")
        path = f"{self.root}/iterations/{iteration}"
        self.ok("POST", f"{path}/publish?publishName=model&predictionId={RESOURCE}")
        self.ok("POST", f"{path}/export?platform=ONNX")
        self.ids = {"{p}": f"/projects/{self.project}", "{i}": iteration, "{t}": self.tag, "{m}": image,
                    "{u}": self.upload("", scene("disc", 9)[0])}

    def upload(self, query: str, picture: bytes) -> str:
        return self.ok("POST", f"{self.root}/images{query}", picture, BYTES)["images"][0]["image"]["id"]

    def filled(self, text):
        for name, value in self.ids.items():
            text = text.replace(name, value) if isinstance(text, str) else text
        return text

    def check(self, operation: str, version: str, answer) -> None:
        kind = FACTS["answers"][operation].get(str(answer.status_code))
        self.assertIsNotNone(kind, f"{operation} in {version}: {answer.status_code} {answer.text}")
        self.assertEqual(key_problems(kind, parse(answer.text), version), [], f"{operation} in {version}")

    def test_training(self):
        for version in TRAINING:
            for operation, method, path, *body in REQUESTS:
                content = self.filled(body[0]) if body else None
                headers = BYTES if isinstance(content, bytes) else JSON
                answer = self.send(method, f"/customvision/{version}/training{self.filled(path)}", content, headers)
                if version < SINCE[operation]:
                    self.assertEqual(answer.status_code, 404, f"{operation} in {version}")
                else:
                    self.check(operation, version, answer)
            self.emulator.advance("2s")

    def test_prediction(self):
        for version, training in PREDICTION.items():
            path = f"/customvision/{version}/prediction/{self.project}/classify/iterations/model/image"
            answer = self.send("POST", path, scene("disc", 7)[0], BYTES, key="Prediction-Key")
            self.check("ClassifyImage", training, answer)


if __name__ == "__main__":
    unittest.main()
