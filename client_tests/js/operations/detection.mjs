import assert from "node:assert/strict";

import { scene, scenes } from "../pictures.mjs";
import { nowhere } from "../sdk.mjs";
import { publish, train } from "./training.mjs";

const compact = "a27d5ca5-bb19-49d8-a70a-fec086c47f5b";

async function fill({ api }) {
  const project = (await api.createProject("detection", { domainId: compact })).id;
  for (const kind of ["disc", "square"]) {
    const tagId = (await api.createTag(project, kind)).id;
    const images = scenes(kind, 15).map(({ bytes, box }) => ({ contents: bytes, regions: [{ tagId, ...box }] }));
    assert.equal((await api.createImagesFromFiles(project, { images })).isBatchSuccessful, true);
  }
  return project;
}

// The detector's four endpoints.
export async function detection(service) {
  const { api, refuses } = service;
  const project = await fill(service);
  const iteration = (await train(service, project)).id;
  await publish(service, project, iteration, "live");
  const [{ originalImageUri: url }] = await api.getTaggedImages(project, { take: 1 });
  const { bytes } = scene("disc", 40);
  const answers = [
    await api.detectImage(project, "live", bytes),
    await api.detectImageWithNoStore(project, "live", bytes),
    await api.detectImageUrl(project, "live", { url }),
    await api.detectImageUrlWithNoStore(project, "live", { url }),
  ];
  for (const { predictions } of answers) assert.ok(predictions.length > 0);
  assert.deepEqual(answers[0].predictions, answers[1].predictions);
  assert.deepEqual(answers[2].predictions, answers[3].predictions);
  await refuses.detectImage(project, "live", Buffer.from("no image"), "BadRequestImageFormat");
  await refuses.detectImageWithNoStore(project, "unknown", bytes, "NotFoundIteration");
  await refuses.detectImageUrl(project, "live", { url: nowhere }, "BadRequestImageUrl");
  await refuses.detectImageUrlWithNoStore(project, "unknown", { url }, "NotFoundIteration");
  await refuses.classifyImage(project, "live", bytes, "BadRequestNotSupported");
  await api.getImagePerformances(project, iteration);
  await api.quickTestImage(project, bytes, { iterationId: iteration });
}
