import assert from "node:assert/strict";

import { scene } from "../pictures.mjs";
import { nobody } from "../sdk.mjs";

const detection = "da2e3a8a-40a5-4171-82f4-58522f70fbc1";

// Regions, their tie to the image's tags, and proposals for them.
export async function regions({ api, refuses }) {
  const project = (await api.createProject("regions", { domainId: detection })).id;
  const tag = (await api.createTag(project, "disc")).id;
  const imageId = (await api.createImagesFromData(project, scene("disc", 3).bytes)).images[0].image.id;
  const read = async () => (await api.getImagesByIds(project, { imageIds: [imageId] }))[0];

  const entry = { imageId, tagId: tag, left: 0.25, top: 0.5, width: 0.125, height: 0.375 };
  const { created: [region] } = await api.createImageRegions(project, { regions: [entry] });
  assert.deepEqual((await read()).tags.map(({ tagId, tagName }) => [tagId, tagName]), [[tag, "disc"]]);
  assert.deepEqual((await read()).regions.map(({ regionId, tagName }) => [regionId, tagName]), [[region.regionId, "disc"]]);
  assert.deepEqual((await api.createImageRegions(project, { regions: [entry] })).duplicated, [entry]);
  await refuses.createImageRegions(project, { regions: [{ ...entry, left: 1.5 }] }, "BadRequestImageRegions");

  const { proposals } = await api.getImageRegionProposals(project, imageId);
  assert.ok(proposals.length > 0);
  await refuses.getImageRegionProposals(project, nobody, "NotFoundImage");

  await api.deleteImageRegions(project, [region.regionId]);
  assert.deepEqual([(await read()).tags, (await read()).regions], [undefined, undefined]);
  await refuses.deleteImageRegions(nobody, [region.regionId], "NotFoundProject");
  await api.deleteProject(project);
}
