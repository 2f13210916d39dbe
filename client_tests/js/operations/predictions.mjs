import assert from "node:assert/strict";

import { scene } from "../pictures.mjs";
import { nobody, nowhere } from "../sdk.mjs";
import { fill, publish, train } from "./training.mjs";

const { bytes } = scene("square", 77);
const best = ({ predictions }) => predictions[0].tagName;

async function quickTests({ api, refuses }, project, iterationId, url) {
  assert.equal(best(await api.quickTestImage(project, bytes, { iterationId, store: false })), "square");
  assert.equal(best(await api.quickTestImageUrl(project, { url }, { iterationId, store: false })), "disc");
  await refuses.quickTestImage(project, bytes, { iterationId: nobody }, "NotFoundIteration");
  await refuses.quickTestImageUrl(project, { url: nowhere }, { iterationId }, "BadRequestImageUrl");
}

async function classify({ api, refuses }, project, url) {
  assert.equal(best(await api.classifyImage(project, "the live one", bytes, { application: "tests" })), "square");
  assert.equal(best(await api.classifyImageWithNoStore(project, "the live one", bytes)), "square");
  assert.equal(best(await api.classifyImageUrl(project, "the live one", { url })), "disc");
  assert.equal(best(await api.classifyImageUrlWithNoStore(project, "the live one", { url })), "disc");
  await refuses.classifyImage(project, "the live one", Buffer.from("no image"), "BadRequestImageFormat");
  await refuses.classifyImageWithNoStore(project, "unknown", bytes, "NotFoundIteration");
  await refuses.classifyImageUrl(project, "unknown", { url }, "NotFoundIteration");
  await refuses.classifyImageUrlWithNoStore(project, "the live one", { url: nowhere }, "BadRequestImageUrl");
}

async function stored({ api, refuses }, project) {
  const { token, results } = await api.queryPredictions(project, { orderBy: "Newest", maxCount: 0 });
  assert.deepEqual([results.length, token.continuation], [2, null]);
  const ofTests = await api.queryPredictions(project, { orderBy: "Oldest", application: "tests" });
  assert.deepEqual(ofTests.results.map(({ id }) => id), [results[1].id]);
  await refuses.queryPredictions(nobody, { orderBy: "Newest" }, "NotFoundProject");

  const summary = await api.createImagesFromPredictions(project, { images: [{ id: results[1].id }] });
  assert.deepEqual([summary.images[0].sourceUrl, summary.images[0].status], [results[1].id, "OK"]);
  await refuses.createImagesFromPredictions(nobody, { images: [{ id: results[0].id }] }, "NotFoundProject");

  await api.deletePrediction(project, [results[0].id]);
  assert.ok((await api.queryPredictions(project, {})).results.every(({ id }) => id !== results[0].id));
  await refuses.deletePrediction(nobody, [results[0].id], "NotFoundProject");
}

async function suggestions({ api, refuses }, project, iteration) {
  const tagIds = (await api.getTags(project)).map(({ id }) => id);
  const untagged = (await api.getUntaggedImages(project)).map(({ id }) => id);
  const [suggested] = await api.suggestTagsAndRegions(project, iteration, untagged);
  assert.deepEqual([suggested.id, suggested.iteration], [untagged[0], iteration]);
  await refuses.suggestTagsAndRegions(project, nobody, untagged, "NotFoundIteration");

  const { results } = await api.querySuggestedImages(project, iteration, { tagIds, threshold: 0, maxCount: 10 });
  assert.deepEqual(results.map(({ id }) => id), untagged);
  await refuses.querySuggestedImages(project, nobody, { tagIds, threshold: 0 }, "NotFoundIteration");
  const counts = await api.querySuggestedImageCount(project, iteration, { tagIds, threshold: 0 });
  assert.deepEqual(Object.keys(counts).sort(), [...tagIds].sort());
  await refuses.querySuggestedImageCount(project, nobody, { tagIds, threshold: 0 }, "NotFoundIteration");
}

// Classification by quick test and by the published iteration; what is kept of it, and suggestions.
export async function predictions(service) {
  const { api } = service;
  const project = await fill(service, "predictions");
  const iteration = (await train(service, project)).id;
  await publish(service, project, iteration, "the live one");
  const [{ originalImageUri: url }] = await api.getTaggedImages(project, { orderBy: "Oldest", take: 1 });
  await quickTests(service, project, iteration, url);
  await classify(service, project, url);
  await stored(service, project);
  await suggestions(service, project, iteration);
  await api.unpublishIteration(project, iteration);
  await api.deleteProject(project);
}
