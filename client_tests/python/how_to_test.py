"""The how-to "Integrate Azure storage for notifications and model backup" through the official clients, unmodified."""
import json
import unittest
import urllib.request

import custom_vision_client  # noqa: F401 (skips without it)
from azure.cognitiveservices.vision.customvision.training import CustomVisionTrainingClient
from azure.cognitiveservices.vision.customvision.training.models import (
    CustomVisionErrorException, ImageFileCreateBatch, ImageFileCreateEntry)
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient
from msrest.authentication import ApiKeyCredentials

from emulator import Emulator, images, notification

GENERAL_COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"


class HowTo(unittest.TestCase):
    def setUp(self):
        self.emulator = Emulator("--training-time", "2s", "--export-time", "1s")
        self.addCleanup(self.emulator.stop)
        credentials = ApiKeyCredentials(in_headers={"Training-key": self.emulator.ready["trainingKey"]})
        self.training = CustomVisionTrainingClient(self.emulator.endpoint, credentials)
        self.queue = QueueServiceClient.from_connection_string(
            self.emulator.connection_string).create_queue("notifications")
        self.container = BlobServiceClient.from_connection_string(
            self.emulator.connection_string).create_container("models")

    def take_messages(self):
        messages = []
        for message in self.queue.receive_messages():
            self.queue.delete_message(message)
            messages.append(json.loads(message.content))
        return messages

    def blob_names(self):
        return [blob.name for blob in self.container.list_blobs()]

    def create_project(self, **options):
        return self.training.create_project("how-to", domain_id=GENERAL_COMPACT, classification_type="Multiclass",
                                            **options)

    def upload(self, project, kind):
        tag = self.training.create_tag(project.id, kind)
        files = images(kind)
        batch = [ImageFileCreateEntry(name=file.name, contents=file.read_bytes(), tag_ids=[tag.id])
                 for file in files[:4]]
        self.assertTrue(self.training.create_images_from_files(
            project.id, ImageFileCreateBatch(images=batch)).is_batch_successful)
        for file in files[4:]:
            with file.open("rb") as stream:
                summary = self.training.create_images_from_data(project.id, stream, tag_ids=[tag.id])
            self.assertEqual([image.status for image in summary.images], ["OK"])

    def test_end_to_end(self):
        project = self.create_project(export_model_container_uri=self.container.url,
                                      notification_queue_uri=self.queue.url)
        self.assertEqual(project.settings.notification_queue_uri, self.queue.url)
        self.assertEqual(project.settings.export_model_container_uri, self.container.url)
        self.assertEqual(self.take_messages(), [notification("connection-test", projectId=project.id)])
        self.assertTrue(self.blob_names()[0].startswith("CustomVision-TestPermission/"))
        self.emulator.advance("60s")
        self.assertEqual(self.blob_names(), [])

        for kind in ("circle", "square"):
            self.upload(project, kind)
        self.assertEqual(len(self.training.get_tagged_images(project.id)), 16)

        iteration = self.training.train_project(project.id)
        self.assertEqual(iteration.status, "Training")
        self.emulator.advance("2s")
        self.assertEqual(self.training.get_iteration(project.id, iteration.id).status, "Completed")
        ids = {"projectId": project.id, "iterationId": iteration.id}
        self.assertEqual(self.take_messages(), [notification("training", **ids)])

        self.assertEqual(self.training.export_iteration(project.id, iteration.id, "ONNX").status, "Exporting")
        self.emulator.advance("1s")
        done = self.training.get_exports(project.id, iteration.id)[0]
        self.assertEqual(done.status, "Done")
        name = f"{project.id} - {iteration.id}.ONNX"
        backup = self.container.get_blob_client(name)
        self.assertEqual(self.take_messages(), [notification("export", modelUri=backup.url, **ids)])
        self.assertEqual(self.blob_names(), [name])
        with urllib.request.urlopen(done.download_uri) as answer:
            self.assertEqual(answer.read(), backup.download_blob().readall())

    def test_a_wrong_container_is_a_clear_400(self):
        with self.assertRaises(CustomVisionErrorException) as raised:
            self.create_project(export_model_container_uri=self.container.url + "-missing")
        self.assertEqual(raised.exception.response.status_code, 400)
        self.assertEqual(raised.exception.error.code, "BadRequestInvalidUri")
        self.assertEqual(self.training.get_projects(), [])


if __name__ == "__main__":
    unittest.main()
