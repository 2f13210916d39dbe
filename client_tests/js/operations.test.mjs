// Every operation through the official clients: a success and a failure each, the whole shape of every answer compared.
import assert from "node:assert/strict";
import { test } from "node:test";

import { copies } from "./operations/copies.mjs";
import { detection } from "./operations/detection.mjs";
import { images } from "./operations/images.mjs";
import { predictions } from "./operations/predictions.mjs";
import { projects } from "./operations/projects.mjs";
import { regions } from "./operations/regions.mjs";
import { tags } from "./operations/tags.mjs";
import { training } from "./operations/training.mjs";
import { Service } from "./sdk.mjs";

test("the operations of Custom Vision", async (t) => {
  const service = await Service.start();
  t.after(() => service.stop());
  for (const part of [projects, tags, images, regions, training, predictions, copies, detection]) {
    await t.test(part.name, () => part(service));
  }
  await t.test("each was called, and each was refused", () => {
    assert.deepEqual(service.neverSucceeded(), []);
    assert.deepEqual(service.neverFailed(), []);
  });
});
