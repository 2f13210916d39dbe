import assert from "node:assert/strict";

import { nobody } from "../sdk.mjs";

const generalCompact = "0732100f-1a38-4e49-a514-c9b44c697ab5";

async function domains({ api, refuses, strangers }) {
  const all = await api.getDomains();
  assert.equal(all.length, 18);
  assert.deepEqual(await api.getDomain(all[5].id), all[5]);
  await strangers.getDomains("401");
  await refuses.getDomain(nobody, "NotFoundDomain");
}

async function create({ api, refuses }) {
  const plain = await api.createProject("plain");
  assert.deepEqual([plain.description, plain.settings.classificationType, plain.thumbnailUri], ["", "Multilabel", null]);
  assert.deepEqual(plain.created, plain.lastModified);
  const compact = await api.createProject("compact", {
    description: "with all options", domainId: generalCompact, classificationType: "Multiclass",
    targetExportPlatforms: ["VAIDK", "CoreML"],
  });
  assert.equal(compact.description, "with all options");
  assert.equal(compact.settings.domainId, generalCompact);
  assert.deepEqual(compact.settings.targetExportPlatforms, ["VAIDK", "CoreML"]);
  await refuses.createProject("lost", { domainId: nobody }, "BadRequestProjectUnknownDomain");
  await refuses.createProject("lost", { classificationType: "Many" }, "BadRequestProjectUnknownClassification");
  return [plain, compact];
}

async function change({ api, refuses }, project) {
  const changed = await api.updateProject(project.id, { ...project, name: "renamed", description: "changed" });
  assert.deepEqual([changed.id, changed.name, changed.description], [project.id, "renamed", "changed"]);
  assert.deepEqual(changed.settings, project.settings);
  assert.ok(changed.lastModified >= project.lastModified);
  assert.deepEqual(await api.getProject(project.id), changed);
  await refuses.updateProject(nobody, changed, "NotFoundProject");
  const elsewhere = { ...changed, settings: { ...changed.settings, domainId: "da2e3a8a-40a5-4171-82f4-58522f70fbc1" } };
  await refuses.updateProject(project.id, elsewhere, "BadRequestProjectUnsupportedDomainTypeChange");
  assert.deepEqual(await api.getProject(project.id), changed);
}

// Domains, and projects from their creation to their end.
export async function projects(service) {
  await domains(service);
  const { api, refuses, strangers } = service;
  const created = await create(service);
  await change(service, created[0]);
  const listed = await api.getProjects();
  assert.deepEqual(listed.map(({ id }) => id), created.map(({ id }) => id).reverse());
  await strangers.getProjects("401");
  await refuses.getProject(nobody, "NotFoundProject");
  for (const { id } of created) await api.deleteProject(id);
  await refuses.deleteProject(created[0].id, "NotFoundProject");
  assert.deepEqual(await api.getProjects(), []);
}
