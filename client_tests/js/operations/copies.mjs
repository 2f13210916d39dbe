import assert from "node:assert/strict";

import { nobody } from "../sdk.mjs";
import { fill, train } from "./training.mjs";

// A project goes out and comes in again under another name.
export async function copies(service) {
  const { api, refuses, emulator } = service;
  const project = await fill(service, "copies");
  await train(service, project);
  const parcel = await api.exportProject(project);
  assert.deepEqual([parcel.iterationCount, parcel.imageCount, parcel.regionCount], [1, 20, 0]);
  await refuses.exportProject(nobody, "NotFoundProject");

  const copy = await api.importProject(parcel.token);
  assert.deepEqual([copy.name, copy.status], ["copies (1)", "Importing"]);
  await emulator.advance("60s");
  assert.equal((await api.getProject(copy.id)).status, "Succeeded");
  assert.equal(await api.getImageCount(copy.id), 20);
  assert.equal((await api.importProject(parcel.token, { name: "named" })).name, "named");
  await refuses.importProject("no token", "BadRequestInvalidImportToken");
}
