// Block blobs, and what all blobs have in common, through the official client, unmodified.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, beforeEach, test } from "node:test";

import { BlobSASPermissions, BlobServiceClient } from "@azure/storage-blob";

import { Emulator } from "./emulator.mjs";
import { farOff, longAgo, refused } from "./storage.mjs";

let emulator, service, container, blob;
let number = 0;

before(async () => {
  emulator = await Emulator.start();
  service = BlobServiceClient.fromConnectionString(emulator.connectionString);
  container = service.getContainerClient("blobs");
  await container.create();
});

after(() => emulator.stop());

beforeEach(() => { blob = container.getBlockBlobClient(`blob-${++number}`); });

const md5 = (bytes) => createHash("md5").update(bytes).digest();
const id = (text) => Buffer.from(text).toString("base64");
const put = (text, options) => blob.upload(text, Buffer.byteLength(text), options);
const readText = async (from = blob) => (await from.downloadToBuffer()).toString();
const readable = (from = blob) => from.generateSasUrl({ permissions: BlobSASPermissions.parse("r"), expiresOn: farOff });

async function bytesOf(answer) {
  const chunks = [];
  for await (const chunk of answer.readableStreamBody) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// Bytes that differ from place to place, so that a block in the wrong place shows.
function pattern(length) {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i += 4) bytes.writeUInt32LE(i, Math.min(i, length - 4));
  return bytes;
}

test("upload sets everything, and properties show it", async () => {
  const headers = {
    blobContentType: "text/plain", blobContentEncoding: "identity", blobContentLanguage: "fr", blobCacheControl: "no-cache",
    blobContentDisposition: "inline",
  };
  const answer = await put("hello", { blobHTTPHeaders: headers, metadata: { Ab: "1" }, tags: { t: "v" }, tier: "Cool" });
  assert.deepEqual(Buffer.from(answer.contentMD5), md5("hello"));
  assert.equal(answer.isServerEncrypted, true);
  const p = await blob.getProperties();
  assert.deepEqual([p.contentType, p.contentEncoding, p.contentLanguage, p.cacheControl, p.contentDisposition],
    Object.values(headers));
  assert.deepEqual([p.contentLength, p.metadata, p.tagCount, p.accessTier, p.blobType, p.leaseState, p.etag],
    [5, { ab: "1" }, 1, "Cool", "BlockBlob", "available", answer.etag]);
  assert.ok(p.createdOn <= p.lastModified);

  const again = await put("bye");
  assert.notEqual(again.etag, answer.etag);
  const q = await blob.getProperties();
  assert.deepEqual([q.contentType, q.metadata, q.tagCount, q.accessTier, q.accessTierInferred],
    ["application/octet-stream", {}, undefined, "Hot", true]);
});

test("names of any kind", async () => {
  const longest = ["x".repeat(1024), "é".repeat(1024)];
  for (const name of ["a b", "é ü", "a+b", "100%", "a#b?c&d=e", "dir//file", "dot.", "\u{1F600}", ...longest]) {
    const named = container.getBlockBlobClient(name);
    await named.upload("x", 1);
    assert.equal(await readText(named), "x");
    await named.delete();
  }
  await refused(container.getBlockBlobClient("x".repeat(1025)).upload("x", 1), 400, "OutOfRangeInput");
});

test("uploadData in one piece and in many, downloaded in ranges", async () => {
  const bytes = pattern(300_001);
  await blob.uploadData(bytes, { metadata: { a: "b" } });
  assert.ok((await blob.downloadToBuffer()).equals(bytes));
  await blob.uploadData(bytes, { maxSingleShotSize: 1, blockSize: 40_000, concurrency: 5, tags: { t: "v" } });
  assert.ok((await blob.downloadToBuffer(0, undefined, { blockSize: 7_000, concurrency: 5 })).equals(bytes));
  assert.ok((await blob.downloadToBuffer(1000, 5000)).equals(bytes.subarray(1000, 6000)));
  assert.equal((await blob.getBlockList("committed")).committedBlocks.length, 8);
  assert.deepEqual((await blob.getTags()).tags, { t: "v" });
});

test("uploadStream, uploadFile, downloadToFile", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cvemu-"));
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  const bytes = pattern(100_000);
  writeFileSync(from, bytes);
  await blob.uploadFile(from);
  await blob.downloadToFile(to);
  assert.ok(readFileSync(to).equals(bytes));
  rmSync(folder, { recursive: true });
  await blob.uploadStream(Readable.from([bytes.subarray(0, 10), bytes.subarray(10)]), 30_000, 3);
  assert.ok((await blob.downloadToBuffer()).equals(bytes));
  await blob.uploadStream(Readable.from(["x"]));
  assert.equal(await readText(), "x");
});

test("an empty blob", async () => {
  await put("");
  assert.equal((await bytesOf(await blob.download())).length, 0);
  assert.equal((await blob.getProperties()).contentLength, 0);
  await refused(blob.download(0, 1), 416, "InvalidRange");
  await blob.commitBlockList([]);
  assert.equal((await bytesOf(await blob.download())).length, 0);
});

test("ranges", async () => {
  await put("0123456789");
  const answer = await blob.download(2, 3, { rangeGetContentMD5: true });
  assert.equal((await bytesOf(answer)).toString(), "234");
  assert.deepEqual([answer._response.status, answer.contentRange], [206, "bytes 2-4/10"]);
  assert.deepEqual(Buffer.from(answer.contentMD5), md5("234"));
  assert.deepEqual(Buffer.from(answer.blobContentMD5), md5("0123456789"));
  const checked = await blob.download(2, 3, { rangeGetContentCrc64: true });
  assert.equal(checked.contentCrc64.length, 8);
  assert.equal((await bytesOf(await blob.download(7))).toString(), "789");
  assert.equal((await bytesOf(await blob.download(8, 100))).toString(), "89");
  assert.equal((await blob.download())._response.status, 200);
  await refused(blob.download(10, 1), 416, "InvalidRange");
});

test("sums are checked", async () => {
  await refused(blob.stageBlock(id("1"), "hello", 5, { transactionalContentMD5: md5("other") }), 400, "Md5Mismatch");
  const staged = await blob.stageBlock(id("1"), "hello", 5, { transactionalContentMD5: md5("hello") });
  assert.deepEqual(Buffer.from(staged.contentMD5), md5("hello"));
  const crc64 = Buffer.from("V0JSBnCFdzM=", "base64");
  const summed = await blob.stageBlock(id("2"), "hello", 5, { transactionalContentCrc64: crc64 });
  assert.deepEqual(Buffer.from(summed.xMsContentCrc64), crc64);
  await refused(blob.stageBlock(id("2"), "other", 5, { transactionalContentCrc64: crc64 }), 400, "Crc64Mismatch");
  await refused(put("hello", { blobHTTPHeaders: { blobContentMD5: md5("other") } }), 400, "Md5Mismatch");
  assert.equal(await blob.exists(), false);
});

test("block lists", async () => {
  for (const name of ["a1", "b2", "c3"]) await blob.stageBlock(id(name), name, 2);
  assert.equal(await blob.exists(), false);
  let { committedBlocks, uncommittedBlocks } = await blob.getBlockList("all");
  assert.deepEqual([committedBlocks ?? [], uncommittedBlocks.map((block) => block.size)], [[], [2, 2, 2]]);
  const headers = { blobContentType: "text/plain", blobContentMD5: md5("given") };
  await blob.commitBlockList([id("c3"), id("a1"), id("c3")], { blobHTTPHeaders: headers, metadata: { a: "b" }, tier: "Cool" });
  assert.equal(await readText(), "c3a1c3");
  const p = await blob.getProperties();
  assert.deepEqual([p.contentType, p.metadata, p.accessTier, Buffer.from(p.contentMD5)],
    ["text/plain", { a: "b" }, "Cool", md5("given")]);
  await blob.stageBlock(id("d4"), "d4", 2);
  ({ committedBlocks, uncommittedBlocks } = await blob.getBlockList("all"));
  assert.deepEqual([committedBlocks.map((b) => b.name), uncommittedBlocks.map((b) => b.name)],
    [["c3", "a1", "c3"].map(id), [id("d4")]]);
  await blob.commitBlockList([id("d4"), id("a1")]);
  assert.equal(await readText(), "d4a1");
  await refused(blob.commitBlockList([id("zz")]), 400, "InvalidBlockList");
  await refused(blob.stageBlock("not base64!", "x", 1), 400, "InvalidQueryParameterValue");
  await blob.stageBlock(id("short"), "x", 1);
  await refused(blob.stageBlock(id("a longer one"), "x", 1), 400, "InvalidBlobOrBlock");
});

test("blocks and blobs from a URL", async () => {
  await put("0123456789", { blobHTTPHeaders: { blobContentType: "text/plain" }, tags: { t: "v" } });
  const source = await readable();
  const made = container.getBlockBlobClient(`${blob.name}-made`);
  await made.stageBlockFromURL(id("1"), source, 2, 3);
  await made.stageBlockFromURL(id("2"), source, 0, 1);
  await made.commitBlockList([id("1"), id("2")]);
  assert.equal(await readText(made), "2340");
  const whole = await made.syncUploadFromURL(source, { sourceContentMD5: md5("0123456789"), metadata: { a: "b" } });
  assert.deepEqual(Buffer.from(whole.contentMD5), md5("0123456789"));
  const { contentType, metadata } = await made.getProperties();
  assert.deepEqual([await readText(made), contentType, metadata], ["0123456789", "text/plain", { a: "b" }]);
  await made.syncUploadFromURL(source, { copySourceBlobProperties: false, blobHTTPHeaders: { blobContentType: "a/b" } });
  assert.equal((await made.getProperties()).contentType, "a/b");
  await refused(made.syncUploadFromURL(source, { sourceContentMD5: md5("other") }), 400, "Md5Mismatch");
});

test("headers, metadata and tags are replaced as a whole", async () => {
  const { etag } = await put("x", { blobHTTPHeaders: { blobContentType: "a/b", blobCacheControl: "no-cache" } });
  const changed = await blob.setHTTPHeaders({ blobContentLanguage: "fr" });
  assert.notEqual(changed.etag, etag);
  const p = await blob.getProperties();
  assert.deepEqual([p.contentLanguage, p.cacheControl], ["fr", undefined]);
  await blob.setMetadata({ a: "1", b: "2" });
  await blob.setMetadata({ c: "3" });
  assert.deepEqual((await blob.getProperties()).metadata, { c: "3" });
  await refused(blob.setMetadata({ "a-b": "x" }), 400, "InvalidMetadata");
  const before = (await blob.getProperties()).etag;
  await blob.setTags({ a: "1", "b +-./:=_": "" });
  assert.deepEqual((await blob.getTags()).tags, { a: "1", "b +-./:=_": "" });
  assert.equal((await blob.getProperties()).etag, before);
  await blob.setTags({});
  assert.deepEqual((await blob.getTags()).tags, {});
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, "v"]));
  await refused(blob.setTags(many), 400, "TagsTooLarge");
  await refused(blob.setTags({ a: "x".repeat(257) }), 400, "TagsTooLarge");
});

test("conditions on reads", async () => {
  const { etag } = await put("x", { tags: { t: "v" } });
  const read = (conditions) => blob.getProperties({ conditions });
  for (const met of [{ ifMatch: etag }, { ifMatch: "*" }, { ifNoneMatch: '"0x1"' }, { ifModifiedSince: longAgo },
    { ifUnmodifiedSince: farOff }, { tagConditions: "t = 'v'" }])
    assert.equal((await read(met)).contentLength, 1);
  for (const unmet of [{ ifMatch: '"0x1"' }, { ifUnmodifiedSince: longAgo }, { tagConditions: "t = 'w'" }])
    await refused(read(unmet), 412, "ConditionNotMet");
  for (const notNew of [{ ifNoneMatch: etag }, { ifModifiedSince: farOff }])
    await assert.rejects(read(notNew), (error) => error.statusCode === 304);
});

test("conditions on writes", async () => {
  const { etag } = await put("x");
  const write = (conditions) => put("y", { conditions });
  await refused(write({ ifMatch: '"0x1"' }), 412, "ConditionNotMet");
  await refused(write({ ifNoneMatch: etag }), 412, "ConditionNotMet");
  await refused(write({ ifModifiedSince: farOff }), 412, "ConditionNotMet");
  await refused(write({ ifUnmodifiedSince: longAgo }), 412, "ConditionNotMet");
  await refused(write({ ifNoneMatch: "*" }), 409, "BlobAlreadyExists");
  assert.equal(await readText(), "x");
  await write({ ifMatch: etag });
  assert.equal(await readText(), "y");
  await refused(blob.delete({ conditions: { ifMatch: etag } }), 412, "ConditionNotMet");
  await refused(blob.setMetadata({}, { conditions: { tagConditions: "t = 'v'" } }), 412, "ConditionNotMet");
});

test("a lease guards its blob until it ends", async () => {
  await put("x");
  const lease = blob.getBlobLeaseClient();
  const first = lease.leaseId;
  await lease.acquireLease(15);
  const { leaseState, leaseDuration } = await blob.getProperties();
  assert.deepEqual([leaseState, leaseDuration], ["leased", "fixed"]);
  await refused(put("y"), 412, "LeaseIdMissing");
  const conditions = { leaseId: first };
  await put("y", { conditions });
  await refused(blob.getBlobLeaseClient().acquireLease(15), 409, "LeaseAlreadyPresent");
  await lease.changeLease("22222222-2222-2222-2222-222222222222");
  await refused(put("z", { conditions }), 412, "LeaseIdMismatchWithBlobOperation");
  await lease.renewLease();
  await emulator.advance("16s");
  assert.equal((await blob.getProperties()).leaseState, "expired");
  await put("z");
  await refused(lease.renewLease(), 409, "LeaseIdMismatchWithLeaseOperation");
  await lease.acquireLease(-1);
  assert.equal((await lease.breakLease(0)).leaseTime, 0);
  assert.equal((await blob.getProperties()).leaseState, "broken");
  await lease.releaseLease();
  await lease.acquireLease(60);
  await refused(blob.delete(), 412, "LeaseIdMissing");
  await blob.delete({ conditions: { leaseId: lease.leaseId } });
  await refused(put("x", { conditions: { leaseId: lease.leaseId } }), 412, "LeaseNotPresentWithBlobOperation");
  await put("x");
  await refused(lease.acquireLease(14), 400, "InvalidHeaderValue");
});

test("snapshots keep the past", async () => {
  await put("old", { metadata: { a: "1" } });
  const { snapshot, etag } = await blob.createSnapshot();
  assert.match(snapshot, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
  assert.equal((await blob.getProperties()).etag, etag);
  await put("new");
  const past = blob.withSnapshot(snapshot);
  assert.equal(await readText(past), "old");
  assert.deepEqual((await past.getProperties()).metadata, { a: "1" });
  const named = await blob.createSnapshot({ metadata: { b: "2" } });
  assert.deepEqual((await blob.withSnapshot(named.snapshot).getProperties()).metadata, { b: "2" });
  await refused(blob.delete(), 409, "SnapshotsPresent");
  await past.delete();
  assert.equal(await past.exists(), false);
  await blob.delete({ deleteSnapshots: "only" });
  assert.equal(await readText(), "new");
  await blob.createSnapshot();
  await blob.delete({ deleteSnapshots: "include" });
  await refused(blob.delete(), 404, "BlobNotFound");
  assert.equal((await blob.deleteIfExists()).errorCode, "BlobNotFound");
});

test("copies: asynchronous, synchronous, of a snapshot, and no abort of what is done", async () => {
  const odd = container.getBlockBlobClient("source of é + % copies");
  const headers = { blobContentType: "text/plain" };
  await odd.upload("copy me", 7, { metadata: { a: "1" }, blobHTTPHeaders: headers, tags: { t: "v" } });
  const done = await (await blob.beginCopyFromURL(odd.url)).pollUntilDone();
  assert.equal(done.copyStatus, "success");
  const p = await blob.getProperties();
  assert.deepEqual([p.metadata, p.contentType, p.copyId, p.copySource, p.copyProgress, p.tagCount],
    [{ a: "1" }, "text/plain", done.copyId, odd.url, "7/7", undefined]);
  assert.equal(await readText(), "copy me");
  await refused(blob.abortCopyFromURL(done.copyId), 409, "NoPendingCopyOperation");
  await refused(blob.abortCopyFromURL("33333333-3333-3333-3333-333333333333"), 409, "CopyIdMismatch");

  const other = container.getBlockBlobClient(`${blob.name}-2`);
  const synced = await other.syncCopyFromURL(await readable(odd), { metadata: { b: "2" }, copySourceTags: "COPY" });
  assert.equal(synced.copyStatus, "success");
  assert.deepEqual([(await other.getProperties()).metadata, (await other.getTags()).tags], [{ b: "2" }, { t: "v" }]);

  const { snapshot } = await odd.createSnapshot();
  await odd.upload("changed", 7);
  await (await blob.beginCopyFromURL(odd.withSnapshot(snapshot).url, { tier: "Cool", tags: { c: "3" } })).pollUntilDone();
  assert.deepEqual([await readText(), (await blob.getProperties()).accessTier], ["copy me", "Cool"]);

  await refused(blob.beginCopyFromURL(odd.url, { sourceConditions: { ifMatch: '"0x1"' } }), 412, "SourceConditionNotMet");
  await assert.rejects(blob.beginCopyFromURL(`${odd.url}-missing`), (error) => error.statusCode === 404);
});

test("tiers", async () => {
  await put("x");
  for (const tier of ["Cool", "Cold", "Hot"]) {
    assert.equal((await blob.setAccessTier(tier))._response.status, 200);
    const { accessTier, accessTierInferred, accessTierChangedOn } = await blob.getProperties();
    assert.deepEqual([accessTier, accessTierInferred ?? false], [tier, false]);
    assert.ok(accessTierChangedOn instanceof Date);
  }
  await blob.setAccessTier("Archive");
  await refused(blob.download(), 409, "BlobArchived");
  assert.equal((await blob.setAccessTier("Hot"))._response.status, 202);
  assert.equal(await readText(), "x");
});

test("what is not there has its own codes", async () => {
  await refused(blob.download(), 404, "BlobNotFound");
  await refused(blob.getProperties(), 404, "BlobNotFound");
  await refused(blob.setMetadata({}), 404, "BlobNotFound");
  await refused(service.getContainerClient("none").getBlockBlobClient("x").upload("x", 1), 404, "ContainerNotFound");
  assert.equal(await service.getContainerClient("none").getBlobClient("x").exists(), false);
});

test("what is left out answers 501", async () => {
  await put("x");
  const policy = { expiriesOn: farOff, policyMode: "Unlocked" };
  for (const call of [() => blob.query("select * from BlobStorage"), () => blob.setLegalHold(true),
    () => blob.setImmutabilityPolicy(policy), () => blob.deleteImmutabilityPolicy()])
    await assert.rejects(call, (error) => error.statusCode === 501);
});
