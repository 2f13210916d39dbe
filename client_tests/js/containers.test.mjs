// The Blob service and its containers through the official client, unmodified: settings, lists, leases, who may do what.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import {
  AccountSASPermissions, BlobClient, BlobSASPermissions, BlobServiceClient, ContainerClient, ContainerSASPermissions,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";

import { Emulator } from "./emulator.mjs";
import { all, farOff, longAgo, refused, settings } from "./storage.mjs";

let emulator, service, container;
let number = 0;

before(async () => {
  emulator = await Emulator.start();
  service = BlobServiceClient.fromConnectionString(emulator.connectionString);
});

after(() => emulator.stop());

beforeEach(async () => {
  container = service.getContainerClient(`container-${++number}`);
  await container.create();
});

async function put(name, text = name, options = {}) {
  const blob = container.getBlockBlobClient(name);
  await blob.upload(text, Buffer.byteLength(text), options);
  return blob;
}

const names = (items) => items.map((item) => item.name);
const readText = async (blob) => (await blob.downloadToBuffer()).toString();

test("service properties are kept, and a part left out stays as it was", async () => {
  const fresh = await service.getProperties();
  assert.deepEqual(fresh.cors, []);
  const rule = {
    allowedOrigins: "http://example.org", allowedMethods: "GET", allowedHeaders: "*", exposedHeaders: "x-ms-meta-*",
    maxAgeInSeconds: 60,
  };
  await service.setProperties({ cors: [rule], defaultServiceVersion: "2021-12-02", deleteRetentionPolicy: { enabled: false } });
  const changed = await service.getProperties();
  assert.deepEqual(changed.cors, [rule]);
  assert.equal(changed.defaultServiceVersion, "2021-12-02");
  assert.deepEqual(changed.blobAnalyticsLogging, fresh.blobAnalyticsLogging);

  const ask = (origin) => fetch(`${container.url}/x`,
    { method: "OPTIONS", headers: { Origin: origin, "Access-Control-Request-Method": "GET" } });
  const allowed = await ask("http://example.org");
  assert.deepEqual([allowed.status, allowed.headers.get("access-control-allow-origin")], [200, "http://example.org"]);
  assert.deepEqual([(await ask("http://elsewhere.org")).status], [403]);
  await service.setProperties({ cors: [] });
  assert.deepEqual((await service.getProperties()).cors, []);
});

test("statistics are for the secondary only", async () => {
  const { AccountName, AccountKey, BlobEndpoint } = settings(emulator.connectionString);
  const key = new StorageSharedKeyCredential(AccountName, AccountKey);
  const { geoReplication } = await new BlobServiceClient(`${BlobEndpoint}-secondary`, key).getStatistics();
  assert.equal(geoReplication.status, "live");
  assert.ok(geoReplication.lastSyncOn instanceof Date);
  await refused(service.getStatistics(), 400, "InvalidQueryParameterValue");
});

test("account information on all three levels", async () => {
  const blob = await put("b");
  for (const client of [service, container, blob]) {
    const { skuName, accountKind, isHierarchicalNamespaceEnabled } = await client.getAccountInfo();
    assert.deepEqual([skuName, accountKind, isHierarchicalNamespaceEnabled], ["Standard_RAGRS", "StorageV2", false]);
  }
});

test("create, create again, properties, metadata, delete", async () => {
  const other = service.getContainerClient("created");
  assert.equal(await other.exists(), false);
  const created = await other.create({ metadata: { Colour: "red" }, access: "blob" });
  await refused(other.create(), 409, "ContainerAlreadyExists");
  assert.equal((await other.createIfNotExists()).succeeded, false);
  const properties = await other.getProperties();
  assert.deepEqual([properties.etag, properties.metadata, properties.blobPublicAccess, properties.leaseState],
    [created.etag, { colour: "red" }, "blob", "available"]);
  assert.deepEqual([properties.hasImmutabilityPolicy, properties.hasLegalHold], [false, false]);
  const changed = await other.setMetadata({ a: "b" });
  assert.notEqual(changed.etag, created.etag);
  assert.deepEqual((await other.getProperties()).metadata, { a: "b" });
  await refused(other.setMetadata({}, { conditions: { ifModifiedSince: farOff } }), 412, "ConditionNotMet");
  await refused(other.delete({ conditions: { ifUnmodifiedSince: longAgo } }), 412, "ConditionNotMet");
  assert.equal((await other.delete())._response.status, 202);
  await refused(other.getProperties(), 404, "ContainerNotFound");
  assert.equal((await other.deleteIfExists()).succeeded, false);
  await service.createContainer("created");
  await service.deleteContainer("created");
  assert.equal(await other.exists(), false);
});

test("names outside the rules are refused", async () => {
  await refused(service.createContainer("ab"), 400, "OutOfRangeInput");
  for (const name of ["Upper", "two--dashes", "last-", "$other"])
    await refused(service.createContainer(name), 400, "InvalidResourceName");
  assert.equal((await service.createContainer("$web")).containerCreateResponse._response.status, 201);
});

test("containers are listed in pages, with prefix and metadata", async () => {
  for (const name of ["list-c", "list-a", "list-b"])
    await service.createContainer(name, { metadata: { of: name }, access: "container" });
  const found = await all(service.listContainers({ prefix: "list-", includeMetadata: true }));
  assert.deepEqual(found.map(({ name, metadata }) => [name, metadata.of]),
    [["list-a", "list-a"], ["list-b", "list-b"], ["list-c", "list-c"]]);
  const { etag, publicAccess, leaseStatus } = found[0].properties;
  assert.deepEqual([etag, publicAccess, leaseStatus],
    [(await service.getContainerClient("list-a").getProperties()).etag, "container", "unlocked"]);
  const pages = await all(service.listContainers({ prefix: "list-" }).byPage({ maxPageSize: 2 }));
  assert.deepEqual(pages.map((page) => names(page.containerItems)), [["list-a", "list-b"], ["list-c"]]);
});

test("blobs are listed flat, with what is asked for", async () => {
  const odd = ["a & b", "dir/é+%#?=", "\u{1F600}"];
  for (const name of odd) await put(name, "text", { metadata: { Key: "v" }, tags: { of: "list" } });
  const copy = container.getBlobClient("copied");
  await (await copy.beginCopyFromURL(container.getBlobClient("a & b").url)).pollUntilDone();
  await container.getBlockBlobClient("uncommitted").stageBlock("AAAA", "1234", 4);
  const { snapshot } = await container.getBlobClient("a & b").createSnapshot();

  const plain = await all(container.listBlobsFlat());
  assert.deepEqual(names(plain), ["a & b", "copied", "dir/é+%#?=", "\u{1F600}"]);
  assert.deepEqual([plain[0].metadata, plain[0].tags, plain[0].properties.copyStatus], [undefined, undefined, undefined]);

  const full = await all(container.listBlobsFlat({
    includeCopy: true, includeMetadata: true, includeSnapshots: true, includeTags: true, includeUncommitedBlobs: true,
    includeDeleted: true, includeVersions: true, includeLegalHold: true, includeImmutabilityPolicy: true,
  }));
  assert.deepEqual(names(full), ["a & b", "a & b", "copied", "dir/é+%#?=", "uncommitted", "\u{1F600}"]);
  assert.deepEqual([full[0].snapshot, full[1].snapshot], [snapshot, undefined]);
  assert.deepEqual([full[1].metadata, full[1].tags], [{ Key: "v" }, { of: "list" }]);
  assert.deepEqual([full[2].properties.copyStatus, full[2].properties.copyProgress], ["success", "4/4"]);
  assert.equal(full[4].properties.contentLength, 0);
  const { etag, contentLength, contentType, blobType, accessTier, accessTierInferred, contentMD5 } = full[3].properties;
  assert.deepEqual([contentLength, contentType, blobType, accessTier, accessTierInferred],
    [4, "application/octet-stream", "BlockBlob", "Hot", true]);
  assert.equal(`"${etag}"`, (await container.getBlobClient(odd[1]).getProperties()).etag);
  assert.equal(contentMD5.length, 16);
});

test("blobs are listed in pages; snapshots of one name may stand on both sides of a border", async () => {
  const blob = await put("b");
  await put("a");
  const snapshots = [];
  for (let i = 0; i < 4; ++i) snapshots.push((await blob.createSnapshot()).snapshot);
  const pages = await all(container.listBlobsFlat({ includeSnapshots: true }).byPage({ maxPageSize: 2 }));
  const items = pages.map((page) => page.segment.blobItems.map((item) => [item.name, item.snapshot]));
  const [s1, s2, s3, s4] = snapshots;
  assert.deepEqual(items, [
    [["a", undefined], ["b", s1]], [["b", s2], ["b", s3]], [["b", s4], ["b", undefined]],
  ]);
  const again = container.listBlobsFlat({ includeSnapshots: true }).byPage({ continuationToken: pages[1].continuationToken });
  assert.equal((await all(again))[0].segment.blobItems.length, 2);
});

test("a hierarchy cuts at any delimiter, and no folder comes twice", async () => {
  for (const name of ["a", "b/1", "b/2", "b/c/1", "c/1", "d"]) await put(name);
  const listed = async (delimiter, options, pageSize) => (await all(
    container.listBlobsByHierarchy(delimiter, options).byPage({ maxPageSize: pageSize })))
    .map(({ segment }) => [...(segment.blobPrefixes ?? []).map((prefix) => prefix.name), ...names(segment.blobItems)]);
  assert.deepEqual(await listed("/"), [["b/", "c/", "a", "d"]]);
  assert.deepEqual(await listed("/", { prefix: "b/" }), [["b/c/", "b/1", "b/2"]]);
  assert.deepEqual(await listed("/", {}, 1), [["a"], ["b/"], ["c/"], ["d"]]);
  for (const name of ["x--1", "x--2", "x-3"]) await put(name);
  assert.deepEqual(await listed("--", { prefix: "x" }), [["x--", "x-3"]]);
  const kinds = await all(container.listBlobsByHierarchy("/", { prefix: "b/", includeMetadata: true }));
  assert.deepEqual(kinds.map(({ kind, name }) => [kind, name]), [["prefix", "b/c/"], ["blob", "b/1"], ["blob", "b/2"]]);
});

test("container lease: acquire, renew, change, break, release", async () => {
  const lease = container.getBlobLeaseClient();
  const id = lease.leaseId;
  assert.equal((await lease.acquireLease(15)).leaseId, id);
  const { leaseState, leaseStatus, leaseDuration } = await container.getProperties();
  assert.deepEqual([leaseState, leaseStatus, leaseDuration], ["leased", "locked", "fixed"]);
  await refused(container.getBlobLeaseClient().acquireLease(15), 409, "LeaseAlreadyPresent");
  await refused(container.delete(), 412, "LeaseIdMissing");
  await put("writing is free");
  await lease.renewLease();
  const other = "11111111-1111-1111-1111-111111111111";
  assert.equal((await lease.changeLease(other)).leaseId, other);
  await refused(container.delete({ conditions: { leaseId: id } }), 412, "LeaseIdMismatchWithContainerOperation");
  assert.equal((await lease.breakLease(5)).leaseTime, 5);
  assert.equal((await container.getProperties()).leaseState, "breaking");
  await emulator.advance("5s");
  assert.equal((await container.getProperties()).leaseState, "broken");
  await refused(lease.renewLease(), 409, "LeaseIsBrokenAndCannotBeRenewed");
  await lease.releaseLease();
  await lease.acquireLease(-1);
  assert.equal((await container.getProperties()).leaseDuration, "infinite");
  await container.delete({ conditions: { leaseId: lease.leaseId } });
});

test("public access opens what it says", async () => {
  await put("b");
  const anyone = new ContainerClient(container.url);
  await assert.rejects(readText(anyone.getBlobClient("b")), (error) => [401, 403, 404].includes(error.statusCode));
  await container.setAccessPolicy("blob");
  assert.equal(await readText(anyone.getBlobClient("b")), "b");
  await assert.rejects(all(anyone.listBlobsFlat()), (error) => [401, 403, 404].includes(error.statusCode));
  await container.setAccessPolicy("container");
  assert.deepEqual(names(await all(anyone.listBlobsFlat())), ["b"]);
  assert.equal((await container.getAccessPolicy()).blobPublicAccess, "container");
  await assert.rejects(anyone.getAccessPolicy(), (error) => [401, 403, 404].includes(error.statusCode));
  await container.setAccessPolicy();
  assert.equal((await container.getAccessPolicy()).blobPublicAccess, undefined);
});

test("policies are stored, and a SAS by policy follows them", async () => {
  await put("b");
  const policy = (permissions) => [{ id: "pol 1", accessPolicy: { startsOn: longAgo, expiresOn: farOff, permissions } }];
  await container.setAccessPolicy(undefined, policy("rl"));
  const { signedIdentifiers: [stored] } = await container.getAccessPolicy();
  assert.deepEqual([stored.id, stored.accessPolicy.permissions, stored.accessPolicy.expiresOn], ["pol 1", "rl", farOff]);
  const guest = new ContainerClient(await container.generateSasUrl({ identifier: "pol 1" }));
  assert.deepEqual(names(await all(guest.listBlobsFlat())), ["b"]);
  await container.setAccessPolicy(undefined, policy("r"));
  await refused(all(guest.listBlobsFlat()), 403, "AuthorizationPermissionMismatch");
  assert.equal(await readText(guest.getBlobClient("b")), "b");
  await container.setAccessPolicy();
  await refused(guest.getBlobClient("b").getProperties(), 403, "AuthenticationFailed");
});

test("a service SAS gives what its letters say", async () => {
  await put("b");
  const guest = async (letters, more = {}) => new ContainerClient(await container.generateSasUrl(
    { permissions: ContainerSASPermissions.parse(letters), expiresOn: farOff, ...more }));
  const denied = "AuthorizationPermissionMismatch";
  const creator = await guest("c");
  await creator.uploadBlockBlob("new", "1", 1);
  await refused(creator.uploadBlockBlob("new", "2", 1), 403, denied);
  assert.equal(await readText(container.getBlobClient("new")), "1");
  await (await guest("w")).uploadBlockBlob("new", "2", 1);
  await refused((await guest("w")).deleteBlob("new"), 403, denied);
  await (await guest("d")).deleteBlob("new");
  await refused(all((await guest("r")).listBlobsFlat()), 403, denied);
  await refused((await guest("racwdl")).getProperties(), 403, denied);
  const elsewhere = (await guest("r", { ipRange: { start: "10.0.0.1" } })).getBlobClient("b");
  await refused(elsewhere.getProperties(), 403, "AuthorizationSourceIPMismatch");
  const overrides = { cacheControl: "no-cache", contentType: "text/html", contentDisposition: "inline", contentLanguage: "fr" };
  const reader = new BlobClient(await container.getBlobClient("b").generateSasUrl(
    { permissions: BlobSASPermissions.parse("r"), expiresOn: farOff, startsOn: longAgo, ...overrides }));
  const properties = await reader.getProperties();
  for (const [name, value] of Object.entries(overrides)) assert.equal(properties[name], value);
});

test("a SAS of a snapshot opens the snapshot only", async () => {
  const blob = await put("b", "old");
  const { snapshot } = await blob.createSnapshot();
  await put("b", "new");
  const readable = { permissions: BlobSASPermissions.parse("r"), expiresOn: farOff };
  const url = await blob.withSnapshot(snapshot).generateSasUrl(readable);
  assert.equal(await readText(new BlobClient(url)), "old");
  const base = new URL(url);
  base.searchParams.delete("snapshot");
  await refused(new BlobClient(base.href).getProperties(), 403, "AuthenticationFailed");
});

test("an account SAS gives services, types and letters", async () => {
  const guest = (letters, types) => new BlobServiceClient(
    service.generateAccountSasUrl(farOff, AccountSASPermissions.parse(letters), types));
  assert.ok((await all(guest("l", "s").listContainers())).length > 0);
  await refused(all(guest("l", "co").listContainers()), 403, "AuthorizationResourceTypeMismatch");
  await refused(all(guest("r", "sco").listContainers()), 403, "AuthorizationPermissionMismatch");
  const name = `${container.containerName}-sas`;
  await guest("c", "c").createContainer(name);
  await guest("w", "o").getContainerClient(name).uploadBlockBlob("b", "1", 1);
  await refused(guest("rwdl", "sco").getContainerClient(name).getAccessPolicy(), 403, "AuthorizationPermissionMismatch");
  await guest("d", "c").deleteContainer(name);
});

test("blobs are found by tags, in one container and in all", async () => {
  const other = service.getContainerClient(`${container.containerName}-other`);
  await other.create();
  await put("b1", "1", { tags: { kind: "cat", age: "03" } });
  await put("b2", "2", { tags: { kind: "cat", age: "12" } });
  await put("b3", "3", { tags: { kind: "dog" } });
  await other.uploadBlockBlob("b4", "4", 1, { tags: { kind: "cat" } });
  const found = async (client, where) => names(await all(client.findBlobsByTags(where)));
  assert.deepEqual(await found(container, "kind = 'cat'"), ["b1", "b2"]);
  assert.deepEqual(await found(service, "kind = 'cat'"), ["b1", "b2", "b4"]);
  assert.deepEqual(await found(service, `@container = '${other.containerName}' AND kind = 'cat'`), ["b4"]);
  assert.deepEqual(await found(service, "\"kind\" = 'cat' AND age >= '05'"), ["b2"]);
  const [item] = await all(service.findBlobsByTags("age = '03'"));
  assert.deepEqual([item.containerName, item.tags], [container.containerName, { age: "03" }]);
  const pages = await all(service.findBlobsByTags("kind = 'cat'").byPage({ maxPageSize: 2 }));
  assert.deepEqual(pages.map((page) => names(page.blobs)), [["b1", "b2"], ["b4"]]);
  await refused(all(service.findBlobsByTags("kind <> 'cat'")), 400, "InvalidQueryParameterValue");
});

test("a batch deletes or moves many blobs, each with its own answer", async () => {
  const blobs = await Promise.all(["1", "2", "3"].map((name) => put(name)));
  const batches = service.getBlobBatchClient();
  const tiers = await batches.setBlobsAccessTier(blobs, "Cool");
  assert.deepEqual([tiers.subResponsesSucceededCount, tiers.subResponsesFailedCount], [3, 0]);
  assert.equal((await blobs[2].getProperties()).accessTier, "Cool");
  const missing = container.getBlobClient("missing");
  const deleted = await container.getBlobBatchClient().deleteBlobs([blobs[0], missing, blobs[1]]);
  assert.deepEqual(deleted.subResponses.map(({ status, errorCode }) => [status, errorCode]),
    [[202, undefined], [404, "BlobNotFound"], [202, undefined]]);
  const batch = batches.createBatch();
  const url = await blobs[2].generateSasUrl({ permissions: BlobSASPermissions.parse("d"), expiresOn: farOff });
  await batch.deleteBlob(new BlobClient(url));
  assert.equal((await batches.submitBatch(batch)).subResponses[0].status, 202);
  assert.deepEqual(await all(container.listBlobsFlat()), []);
});

test("what was deleted comes back while it is kept", async () => {
  const blob = await put("b", "kept");
  await service.setProperties({ deleteRetentionPolicy: { enabled: true, days: 7 } });
  assert.deepEqual((await service.getProperties()).deleteRetentionPolicy, { enabled: true, days: 7 });
  await blob.delete();
  assert.equal(await blob.exists(), false);
  const [gone] = await all(container.listBlobsFlat({ includeDeleted: true }));
  assert.deepEqual([gone.name, gone.deleted], ["b", true]);
  assert.ok(gone.properties.remainingRetentionDays >= 6);
  await blob.undelete();
  assert.equal(await readText(blob), "kept");

  await container.delete();
  const [{ version }] = await all(service.listContainers({ prefix: container.containerName, includeDeleted: true }));
  const other = version.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
  await refused(service.undeleteContainer(container.containerName, other), 404, "ContainerNotFound");
  const { containerClient } = await service.undeleteContainer(container.containerName, version);
  assert.equal(await readText(containerClient.getBlobClient("b")), "kept");
  await service.setProperties({ deleteRetentionPolicy: { enabled: false } });
  await blob.delete();
  await blob.undelete().catch((error) => assert.equal(error.statusCode, 404));
  assert.equal(await blob.exists(), false);
});
