// Append and page blobs through the official client, unmodified.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { BlobSASPermissions, BlobServiceClient } from "@azure/storage-blob";

import { Emulator } from "./emulator.mjs";
import { all, farOff, refused } from "./storage.mjs";

let emulator, container, append, pages;
let number = 0;

before(async () => {
  emulator = await Emulator.start();
  container = BlobServiceClient.fromConnectionString(emulator.connectionString).getContainerClient("blobs");
  await container.create();
});

after(() => emulator.stop());

beforeEach(() => {
  ++number;
  append = container.getAppendBlobClient(`append-${number}`);
  pages = container.getPageBlobClient(`pages-${number}`);
});

const readText = async (blob) => (await blob.downloadToBuffer()).toString();
const readable = (blob) => blob.generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn: farOff });
const page = (letter, count = 1) => letter.repeat(512 * count);
// First and last byte of each range: what this client calls count is their distance.
const spans = (ranges) => (ranges ?? []).map(({ offset, count }) => [offset, offset + count]);

test("append: each answer tells where the block begins", async () => {
  await append.create({ metadata: { a: "b" }, blobHTTPHeaders: { blobContentType: "text/plain" } });
  const first = await append.appendBlock("one", 3);
  const second = await append.appendBlock("two!", 4);
  assert.deepEqual([first.blobAppendOffset, second.blobAppendOffset, second.blobCommittedBlockCount], ["0", "3", 2]);
  assert.notEqual(first.etag, second.etag);
  assert.equal(await readText(append), "onetwo!");
  const p = await append.getProperties();
  assert.deepEqual([p.blobType, p.blobCommittedBlockCount, p.contentType, p.metadata],
    ["AppendBlob", 2, "text/plain", { a: "b" }]);
  assert.equal((await append.createIfNotExists()).succeeded, false);
  assert.equal(await readText(append), "onetwo!");
  await append.create();
  assert.equal((await append.getProperties()).contentLength, 0);
});

test("append: conditions of position and size", async () => {
  await append.create();
  await append.appendBlock("12345", 5, { conditions: { appendPosition: 0, maxSize: 5 } });
  await refused(append.appendBlock("6", 1, { conditions: { appendPosition: 4 } }), 412, "AppendPositionConditionNotMet");
  await refused(append.appendBlock("6", 1, { conditions: { maxSize: 5 } }), 412, "MaxBlobSizeConditionNotMet");
  await refused(append.appendBlock("6", 1, { conditions: { ifMatch: '"0x1"' } }), 412, "ConditionNotMet");
  await refused(append.appendBlock("", 0), 400, "InvalidHeaderValue");
  assert.equal(await readText(append), "12345");
});

test("append: from a URL, and sealed", async () => {
  const source = container.getBlockBlobClient("append-source");
  await source.upload("0123456789", 10);
  await refused(append.appendBlock("x", 1), 404, "BlobNotFound");
  await append.create();
  await append.appendBlockFromURL(await readable(source), 3, 4);
  assert.equal(await readText(append), "3456");
  assert.equal((await append.seal()).isSealed, true);
  assert.equal((await append.getProperties()).isSealed, true);
  await refused(append.appendBlock("x", 1), 409, "BlobIsSealed");
  await append.seal();
  const [listed] = await all(container.listBlobsFlat({ prefix: append.name }));
  assert.equal(listed.properties.isSealed, true);
});

test("the kinds do not mix", async () => {
  await append.create();
  await pages.create(512);
  const code = "InvalidBlobType";
  await refused(append.getPageBlobClient().uploadPages(page("a"), 0, 512), 409, code);
  await refused(append.getBlockBlobClient().stageBlock("AAAA", "x", 1), 409, code);
  await refused(append.getBlockBlobClient().commitBlockList([]), 409, code);
  await refused(pages.getAppendBlobClient().appendBlock("x", 1), 409, code);
  await refused(pages.getBlockBlobClient().getBlockList("all"), 409, code);
});

test("pages: write, clear, ranges", async () => {
  const created = await pages.create(4096, { blobSequenceNumber: 7, metadata: { a: "b" } });
  assert.equal(created.isServerEncrypted, true);
  assert.deepEqual(spans((await pages.getPageRanges()).pageRange), []);
  const written = await pages.uploadPages(page("a", 2), 512, 1024);
  assert.equal(written.blobSequenceNumber, 7);
  await pages.uploadPages(page("b"), 1536, 512);
  await pages.uploadPages(page("c"), 3584, 512);
  const ranges = await pages.getPageRanges();
  assert.deepEqual(spans(ranges.pageRange), [[512, 2047], [3584, 4095]]);
  assert.equal(ranges.blobContentLength, 4096);
  await pages.clearPages(1024, 512);
  assert.deepEqual(spans((await pages.getPageRanges(0, 2048)).pageRange), [[512, 1023], [1536, 2047]]);
  assert.equal(await readText(pages), page("\0") + page("a") + page("\0") + page("b") + page("\0", 3) + page("c"));
  assert.deepEqual((await all(pages.listPageRanges(0, 4096).byPage({ maxPageSize: 2 })))
    .map((one) => one.pageRange.length), [2, 1]);
  const p = await pages.getProperties();
  assert.deepEqual([p.blobType, p.contentLength, p.blobSequenceNumber, p.metadata], ["PageBlob", 4096, 7, { a: "b" }]);
});

test("pages: what does not fit is refused", async () => {
  await pages.create(1024);
  await assert.rejects(pages.uploadPages("x", 0, 1), (error) => error.statusCode === 400);
  await refused(pages.uploadPages(page("a"), 1024, 512), 416, "InvalidPageRange");
  await assert.rejects(container.getPageBlobClient("odd").create(1000), (error) => error.statusCode === 400);
  assert.equal((await pages.createIfNotExists(512)).succeeded, false);
  assert.deepEqual(spans((await pages.getPageRanges()).pageRange), []);
});

test("pages: what changed since a snapshot", async () => {
  await pages.create(4096);
  await pages.uploadPages(page("a", 2), 0, 1024);
  const { snapshot } = await pages.createSnapshot();
  await pages.uploadPages(page("b"), 512, 512);
  await pages.uploadPages(page("c"), 2048, 512);
  await pages.clearPages(0, 512);
  const diff = await pages.getPageRangesDiff(0, 4096, snapshot);
  assert.deepEqual([spans(diff.pageRange), spans(diff.clearRange)], [[[512, 1023], [2048, 2559]], [[0, 511]]]);
  const listed = await all(pages.listPageRangesDiff(0, 4096, snapshot));
  assert.deepEqual(listed.map(({ start, end, isClear }) => [start, end, isClear]).sort((a, b) => a[0] - b[0]),
    [[0, 511, true], [512, 1023, false], [2048, 2559, false]]);
  assert.equal((await pages.withSnapshot(snapshot).downloadToBuffer(0, 1024)).toString(), page("a", 2));
});

test("pages: resize and sequence numbers", async () => {
  await pages.create(1024);
  await pages.uploadPages(page("a", 2), 0, 1024);
  await pages.resize(512);
  await pages.resize(1024);
  assert.equal(await readText(pages), page("a") + page("\0"));
  assert.deepEqual(spans((await pages.getPageRanges()).pageRange), [[0, 511]]);
  assert.equal((await pages.updateSequenceNumber("update", 5)).blobSequenceNumber, 5);
  assert.equal((await pages.updateSequenceNumber("max", 3)).blobSequenceNumber, 5);
  assert.equal((await pages.updateSequenceNumber("increment")).blobSequenceNumber, 6);
  const code = "SequenceNumberConditionNotMet";
  for (const conditions of [
    { ifSequenceNumberLessThan: 6 }, { ifSequenceNumberLessThanOrEqualTo: 5 }, { ifSequenceNumberEqualTo: 5 }])
    await refused(pages.uploadPages(page("b"), 0, 512, { conditions }), 412, code);
  await pages.uploadPages(page("b"), 0, 512, { conditions: { ifSequenceNumberEqualTo: 6 } });
});

test("pages: from a URL, and incremental copies of snapshots", async () => {
  await pages.create(1024);
  await pages.uploadPages(page("a") + page("b"), 0, 1024);
  const target = container.getPageBlobClient(`${pages.name}-target`);
  await target.create(1024);
  await target.uploadPagesFromURL(await readable(pages), 512, 0, 512);
  assert.equal(await readText(target), page("b") + page("\0"));

  const copy = container.getPageBlobClient(`${pages.name}-copy`);
  const { snapshot } = await pages.createSnapshot();
  await copy.startCopyIncremental(pages.withSnapshot(snapshot).url);
  const { copyStatus, isIncrementalCopy, destinationSnapshot } = await copy.getProperties();
  assert.deepEqual([copyStatus, isIncrementalCopy], ["success", true]);
  assert.equal(await readText(copy.withSnapshot(destinationSnapshot)), page("a") + page("b"));
});
