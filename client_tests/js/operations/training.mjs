import assert from "node:assert/strict";

import { scenes } from "../pictures.mjs";
import { nobody } from "../sdk.mjs";

const generalCompact = "0732100f-1a38-4e49-a514-c9b44c697ab5";
const resource = "/subscriptions/1/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a";

// A project with ten pictures of each kind, not yet trained.
export async function fill({ api }, name, count = 10) {
  const project = (await api.createProject(name, { domainId: generalCompact, classificationType: "Multiclass" })).id;
  for (const kind of ["disc", "square"]) {
    const tag = (await api.createTag(project, kind)).id;
    await api.createImagesFromFiles(project, { images: scenes(kind, count).map(({ bytes }) => ({ contents: bytes })), tagIds: [tag] });
  }
  return project;
}

export async function train({ api, emulator }, project, options) {
  const { id } = await api.trainProject(project, options);
  await emulator.advance("2s");
  const iteration = await api.getIteration(project, id);
  assert.equal(iteration.status, "Completed", iteration.trainingErrorDetails);
  return iteration;
}

export const publish = ({ api }, project, iteration, name) => api.publishIteration(project, iteration, name, resource);

async function iterations(service, project) {
  const { api, refuses } = service;
  const first = await train(service, project);
  assert.deepEqual([first.name, first.exportable, first.publishName], ["Iteration 1", true, null]);
  await refuses.trainProject(project, "BadRequestTrainingNotNeeded");
  const second = await train(service, project, { forceTrain: true });
  assert.deepEqual((await api.getIterations(project)).map(({ name }) => name), ["Iteration 2", "Iteration 1"]);
  await refuses.getIterations(nobody, "NotFoundProject");
  await refuses.getIteration(project, nobody, "NotFoundIteration");
  const renamed = await api.updateIteration(project, second.id, { ...second, name: "the best" });
  assert.deepEqual(renamed, { ...second, name: "the best", lastModified: renamed.lastModified });
  await refuses.updateIteration(project, second.id, { ...second, name: first.name }, "BadRequestIterationNameNotUnique");
  await api.deleteIteration(project, second.id);
  await refuses.deleteIteration(project, second.id, "NotFoundIteration");
  return first.id;
}

async function performance({ api, refuses }, project, iteration) {
  const total = await api.getIterationPerformance(project, iteration, { threshold: 0.5 });
  assert.deepEqual(total.perTagPerformance.map(({ name }) => name).sort(), ["disc", "square"]);
  const images = await api.getImagePerformances(project, iteration, { take: 256 });
  assert.equal(await api.getImagePerformanceCount(project, iteration), images.length);
  assert.ok(images.length > 0);
  await refuses.getIterationPerformance(project, nobody, "NotFoundIteration");
  await refuses.getImagePerformances(project, nobody, "NotFoundIteration");
  await refuses.getImagePerformanceCount(project, nobody, "NotFoundIteration");
}

async function publishing(service, project, iteration) {
  const { api, refuses } = service;
  assert.equal(await publish(service, project, iteration, "live"), true);
  const { publishName, originalPublishResourceId } = await api.getIteration(project, iteration);
  assert.deepEqual([publishName, originalPublishResourceId], ["live", resource]);
  await refuses.publishIteration(project, iteration, "twice", resource, "BadRequestIterationIsPublished");
  await refuses.deleteIteration(project, iteration, "BadRequestIterationIsPublished");
  await api.unpublishIteration(project, iteration);
  await refuses.unpublishIteration(project, iteration, "BadRequestIterationNotPublished");
  await refuses.publishIteration(project, iteration, "live", "no resource", "BadRequestInvalidPublishTarget");
}

async function exporting({ api, refuses, emulator }, project, iteration) {
  const started = await api.exportIteration(project, iteration, "TensorFlow", { flavor: "TensorFlowLite" });
  assert.deepEqual([started.status, started.downloadUri, started.flavor], ["Exporting", null, "TensorFlowLite"]);
  await refuses.exportIteration(project, iteration, "TensorFlow", { flavor: "TensorFlowLite" }, "BadRequestExportAlreadyInProgress");
  await emulator.advance("1s");
  const [done] = await api.getExports(project, iteration);
  assert.equal(done.status, "Done");
  assert.equal((await fetch(done.downloadUri)).status, 200);
  await refuses.getExports(project, nobody, "NotFoundIteration");
}

// Training, what came of it, and its way out: published and exported.
export async function training(service) {
  const project = await fill(service, "training");
  const iteration = await iterations(service, project);
  await performance(service, project, iteration);
  await publishing(service, project, iteration);
  await exporting(service, project, iteration);
  await service.refuses.trainProject(nobody, "NotFoundProject");
  await service.api.deleteProject(project);
}
