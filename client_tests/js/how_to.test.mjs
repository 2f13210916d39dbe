// The how-to "Integrate Azure storage for notifications and model backup" through the official clients, unmodified.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { TrainingAPIClient } from "@azure/cognitiveservices-customvision-training";
import msRest from "@azure/ms-rest-js";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";

import { Emulator, images, notification } from "./emulator.mjs";

const generalCompact = "0732100f-1a38-4e49-a514-c9b44c697ab5";

let emulator, training, queue, container;

before(async () => {
  emulator = await Emulator.start("--training-time", "2s", "--export-time", "1s");
  const credentials = new msRest.ApiKeyCredentials({ inHeader: { "Training-key": emulator.ready.trainingKey } });
  training = new TrainingAPIClient(credentials, emulator.endpoint);
  queue = QueueServiceClient.fromConnectionString(emulator.connectionString).getQueueClient("notifications");
  container = BlobServiceClient.fromConnectionString(emulator.connectionString).getContainerClient("models");
  await queue.create();
  await container.create();
});

after(() => emulator.stop());

async function takeMessage() {
  const { receivedMessageItems: [message] } = await queue.receiveMessages();
  assert.ok(message, "a message is in the queue");
  await queue.deleteMessage(message.messageId, message.popReceipt);
  return JSON.parse(message.messageText);
}

async function blobNames() {
  const names = [];
  for await (const blob of container.listBlobsFlat()) names.push(blob.name);
  return names;
}

test("the how-to, end to end", async (t) => {
  let project, iteration;

  await t.test("CreateProject proves the connection", async () => {
    project = await training.createProject("how-to", {
      domainId: generalCompact,
      classificationType: "Multiclass",
      options: { exportModelContainerUri: container.url, notificationQueueUri: queue.url },
    });
    assert.equal(project.settings.exportModelContainerUri, container.url);
    assert.equal(project.settings.notificationQueueUri, queue.url);
    assert.deepEqual(await takeMessage(), notification("connection-test", { projectId: project.id }));
    const [testBlob, ...others] = await blobNames();
    assert.match(testBlob, /^CustomVision-TestPermission\//);
    assert.deepEqual(others, []);
    await emulator.advance("60s");
    assert.deepEqual(await blobNames(), []);
  });

  await t.test("tags and images", async () => {
    for (const kind of ["circle", "square"]) {
      const tag = await training.createTag(project.id, kind);
      const files = images(kind);
      const batch = files.slice(0, 4).map(({ name, bytes }) => ({ name, contents: bytes, tagIds: [tag.id] }));
      const summary = await training.createImagesFromFiles(project.id, { images: batch });
      assert.equal(summary.isBatchSuccessful, true);
      for (const { bytes } of files.slice(4)) {
        const one = await training.createImagesFromData(project.id, bytes, { tagIds: [tag.id] });
        assert.equal(one.images[0].status, "OK");
        assert.equal(one.images[0].image.tags[0].tagName, null);
      }
    }
    const tagged = await training.getTaggedImages(project.id, { take: 256 });
    assert.equal(tagged.length, 16);
    const original = await fetch(tagged[0].originalImageUri);
    assert.equal(original.status, 200);
    assert.deepEqual(await training.getUntaggedImages(project.id), []);
    const tags = await training.getTags(project.id);
    assert.deepEqual(tags.map((tag) => tag.imageCount), [8, 8]);
  });

  await t.test("TrainProject, and its notification", async () => {
    iteration = await training.trainProject(project.id);
    assert.equal(iteration.status, "Training");
    await emulator.advance("2s");
    iteration = await training.getIteration(project.id, iteration.id);
    assert.equal(iteration.status, "Completed");
    assert.equal(iteration.exportable, true);
    const ids = { projectId: project.id, iterationId: iteration.id };
    assert.deepEqual(await takeMessage(), notification("training", ids));
  });

  await t.test("ExportIteration, its notification and the backup", async () => {
    const exporting = await training.exportIteration(project.id, iteration.id, "ONNX");
    assert.equal(exporting.status, "Exporting");
    await emulator.advance("1s");
    const [done] = await training.getExports(project.id, iteration.id);
    assert.equal(done.status, "Done");

    const name = `${project.id} - ${iteration.id}.ONNX`;
    const backup = container.getBlobClient(name);
    const message = notification("export", { projectId: project.id, iterationId: iteration.id, modelUri: backup.url });
    assert.deepEqual(await takeMessage(), message);
    assert.deepEqual(await blobNames(), [name]);
    const download = Buffer.from(await (await fetch(done.downloadUri)).arrayBuffer());
    assert.equal(download.subarray(0, 2).toString(), "PK");
    assert.ok(download.equals(await backup.downloadToBuffer()));
  });

  await t.test("DeleteProject", async () => {
    await training.deleteProject(project.id);
    await assert.rejects(training.getProject(project.id), (error) => error.statusCode === 404 && error.code === "NotFoundProject");
  });
});

test("a wrong queue is a 400 that the client understands", async () => {
  await assert.rejects(
    training.createProject("refused", { options: { notificationQueueUri: queue.url + "-missing" } }),
    (error) => error.statusCode === 400 && error.code === "BadRequestInvalidUri" && /QueueNotFound/.test(error.message));
});

test("a missing key is a 401", async () => {
  const nobody = new TrainingAPIClient(new msRest.ApiKeyCredentials({ inHeader: { "X-Other": "1" } }), emulator.endpoint);
  await assert.rejects(nobody.getDomains(), (error) => error.statusCode === 401 && error.code === "401");
});
