import assert from "node:assert/strict";

import { scene } from "../pictures.mjs";
import { nobody } from "../sdk.mjs";

const ids = (list) => list.map(({ id }) => id);
const disc = (number) => scene("disc", number).bytes;

async function upload({ api, refuses }, project, tag) {
  const first = await api.createImagesFromData(project, disc(1), { tagIds: [tag] });
  assert.deepEqual([first.images[0].status, first.images[0].image.width], ["OK", 64]);
  const again = await api.createImagesFromData(project, disc(1));
  assert.deepEqual([again.isBatchSuccessful, again.images[0].status], [false, "OKDuplicate"]);
  await refuses.createImagesFromData(project, disc(1), { tagIds: [nobody] }, "BadRequestImageTags");

  const files = await api.createImagesFromFiles(project, {
    images: [{ name: "2.bmp", contents: disc(2), tagIds: [tag] }], metadata: { size: "small" },
  });
  assert.deepEqual(files.images.map(({ sourceUrl, status }) => [sourceUrl, status]), [["2.bmp", "OK"]]);
  const mixed = await api.createImagesFromFiles(project, {
    images: [{ name: "3.bmp", contents: disc(3) }, { name: "bad", contents: Buffer.from("no image") }],
  });
  assert.deepEqual(mixed.images.map(({ status }) => status), ["OK", "ErrorImageFormat"]);
  assert.equal(mixed.images[1].image, null);
  await refuses.createImagesFromFiles(project, { images: [{ contents: disc(9) }], tagIds: [nobody] }, "BadRequestImageTags");
  return [first, files, mixed].map(({ images: [{ image }] }) => image.id);
}

async function fromUrls({ api, refuses }, from) {
  const project = (await api.createProject("from urls")).id;
  const urls = (await api.getImages(from)).map(({ originalImageUri }) => ({ url: originalImageUri }));
  const summary = await api.createImagesFromUrls(project, { images: urls });
  assert.deepEqual(summary.images.map(({ sourceUrl, status }) => [sourceUrl, status]), urls.map(({ url }) => [url, "OK"]));
  await refuses.createImagesFromUrls(nobody, { images: urls }, "NotFoundProject");
  await api.deleteProject(project);
}

async function lists({ api, refuses }, project, tag, all) {
  const newest = [...all].reverse();
  assert.deepEqual(ids(await api.getImages(project)), newest);
  assert.deepEqual(ids(await api.getImages(project, { take: 2, skip: 1, orderBy: "Oldest" })), [all[1], all[2]]);
  assert.deepEqual(ids(await api.getImages(project, { filter: "metadata=size eq 'small'" })), [all[1]]);
  assert.deepEqual(ids(await api.getTaggedImages(project, { tagIds: [tag] })), [all[1], all[0]]);
  assert.deepEqual(ids(await api.getUntaggedImages(project)), [all[2]]);
  assert.deepEqual(ids(await api.getImagesByIds(project, { imageIds: newest })), all);
  await refuses.getImages(project, { iterationId: nobody }, "NotFoundIteration");
  await refuses.getTaggedImages(nobody, "NotFoundProject");
  await refuses.getUntaggedImages(project, { iterationId: nobody }, "NotFoundIteration");
  await refuses.getImagesByIds(nobody, { imageIds: all }, "NotFoundProject");
}

async function counts({ api, refuses }, project) {
  assert.equal(await api.getImageCount(project), 3);
  assert.equal(await api.getImageCount(project, { taggingStatus: "Tagged" }), 2);
  assert.equal(await api.getTaggedImageCount(project), 2);
  assert.equal(await api.getUntaggedImageCount(project), 1);
  await refuses.getImageCount(project, { filter: "metadata=broken" }, "BadRequestInvalid");
  await refuses.getTaggedImageCount(nobody, "NotFoundProject");
  await refuses.getUntaggedImageCount(nobody, "NotFoundProject");
}

async function tagging({ api, refuses }, project, tag, image) {
  const pair = { imageId: image, tagId: tag };
  assert.deepEqual(await api.createImageTags(project, { tags: [pair] }), { created: [pair], duplicated: [], exceeded: [] });
  assert.deepEqual(await api.createImageTags(project, { tags: [pair] }), { created: [], duplicated: [pair], exceeded: [] });
  await refuses.createImageTags(project, { tags: [{ ...pair, tagId: nobody }] }, "NotFoundTag");
  await api.deleteImageTags(project, [image], [tag]);
  assert.equal((await api.getImagesByIds(project, { imageIds: [image] }))[0].tags, undefined);
  await refuses.deleteImageTags(nobody, [image], [tag], "NotFoundProject");
}

async function metadata({ api, refuses }, project, image) {
  const summary = await api.updateImageMetadata(project, [image], { type: "unit test", value: "30" });
  assert.deepEqual(summary.images, [{ imageId: image, status: "OK", metadata: { type: "unit test", value: "30" } }]);
  const [read] = await api.getImagesByIds(project, { imageIds: [image] });
  assert.deepEqual(read.metadata, { type: "unit test", value: "30" });
  await refuses.updateImageMetadata(project, [image], { ["k".repeat(129)]: "v" }, "BadRequestImageMetadataKey");
}

async function artifact({ api, refuses }, project, image) {
  const [{ originalImageUri }] = await api.getImagesByIds(project, { imageIds: [image] });
  const { readableStreamBody } = await api.getArtifact(project, originalImageUri);
  assert.deepEqual(Buffer.concat(await readableStreamBody.toArray()), disc(1));
  await refuses.getArtifact(project, "/somewhere/else", "BadRequestInvalidArtifactUri");
}

// Images from data, files and URLs; their lists, tags, metadata and bytes.
export async function images(service) {
  const { api, refuses } = service;
  const project = (await api.createProject("images")).id;
  const tag = (await api.createTag(project, "disc")).id;
  const all = await upload(service, project, tag);
  await fromUrls(service, project);
  await lists(service, project, tag, all);
  await counts(service, project);
  await tagging(service, project, tag, all[2]);
  await metadata(service, project, all[2]);
  await artifact(service, project, all[0]);
  await api.deleteImages(project, { imageIds: [all[0]] });
  await refuses.deleteImages(project, "BadRequestRequiredParamIsNull");
  await api.deleteImages(project, { allImages: true });
  assert.equal(await api.getImageCount(project), 0);
  await api.deleteProject(project);
}
