import assert from "node:assert/strict";

import { nobody } from "../sdk.mjs";

// Tags of each type, from their creation to their end.
export async function tags({ api, refuses }) {
  const project = (await api.createProject("tags")).id;
  const [regular, negative] = [
    await api.createTag(project, "Tag #0"),
    await api.createTag(project, "none of them", { description: "said twice", type: "Negative" }),
  ];
  assert.deepEqual([regular.name, regular.description, regular.type, regular.imageCount], ["Tag #0", null, "Regular", 0]);
  assert.deepEqual([negative.description, negative.type], ["said twice", "Negative"]);
  await refuses.createTag(project, "Tag #0", "BadRequestTagNameNotUnique");
  await refuses.createTag(project, "another", { type: "Negative" }, "BadRequestMultipleNegativeTag");

  assert.deepEqual(new Set((await api.getTags(project)).map(({ id }) => id)), new Set([regular.id, negative.id]));
  await refuses.getTags(nobody, "NotFoundProject");
  assert.deepEqual(await api.getTag(project, negative.id), negative);
  await refuses.getTag(project, nobody, "NotFoundTag");
  await refuses.getTag(project, regular.id, { iterationId: nobody }, "NotFoundIteration");

  const renamed = await api.updateTag(project, regular.id, { ...regular, name: "renamed", description: "new" });
  assert.deepEqual(renamed, { ...regular, name: "renamed", description: "new" });
  await refuses.updateTag(project, regular.id, { ...regular, name: negative.name }, "BadRequestTagNameNotUnique");

  await api.deleteTag(project, regular.id);
  await refuses.deleteTag(project, regular.id, "NotFoundTag");
  assert.deepEqual(await api.getTags(project), [negative]);
  await api.deleteProject(project);
}
