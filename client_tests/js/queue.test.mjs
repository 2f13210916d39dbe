// Every operation of the Queue service through the official client, unmodified.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import {
  AccountSASPermissions, QueueClient, QueueSASPermissions, QueueServiceClient, StorageSharedKeyCredential,
} from "@azure/storage-queue";

import { Emulator } from "./emulator.mjs";
import { all, farOff, longAgo, refused, settings } from "./storage.mjs";

let emulator, service, secondary, queue;
let number = 0;

before(async () => {
  emulator = await Emulator.start();
  service = QueueServiceClient.fromConnectionString(emulator.connectionString);
  const { AccountName, AccountKey, QueueEndpoint } = settings(emulator.connectionString);
  secondary = new QueueServiceClient(`${QueueEndpoint}-secondary`, new StorageSharedKeyCredential(AccountName, AccountKey));
});

after(() => emulator.stop());

beforeEach(async () => {
  queue = service.getQueueClient(`queue-${++number}`);
  await queue.create();
});

async function receive(options) {
  return (await queue.receiveMessages(options)).receivedMessageItems;
}

async function peek(count = 32) {
  return (await queue.peekMessages({ numberOfMessages: count })).peekedMessageItems;
}

const texts = (messages) => messages.map((message) => message.messageText);

test("service properties are kept, and a part left out stays as it was", async () => {
  const fresh = await service.getProperties();
  assert.deepEqual(fresh.cors, []);
  assert.equal(fresh.queueAnalyticsLogging.version, "1.0");
  const rule = {
    allowedOrigins: "http://example.org", allowedMethods: "GET,PUT", allowedHeaders: "x-ms-*", exposedHeaders: "x-ms-*",
    maxAgeInSeconds: 60,
  };
  const metrics = { version: "1.0", enabled: true, includeAPIs: true, retentionPolicy: { enabled: true, days: 3 } };
  assert.equal((await service.setProperties({ cors: [rule], hourMetrics: metrics }))._response.status, 202);
  const changed = await service.getProperties();
  assert.deepEqual(changed.cors, [rule]);
  assert.deepEqual(changed.hourMetrics, metrics);
  assert.deepEqual(changed.queueAnalyticsLogging, fresh.queueAnalyticsLogging);
  await service.setProperties({ cors: [] });
  assert.deepEqual((await service.getProperties()).cors, []);
});

test("statistics are for the secondary only", async () => {
  const { geoReplication } = await secondary.getStatistics();
  assert.equal(geoReplication.status, "live");
  assert.ok(geoReplication.lastSyncOn instanceof Date);
  await refused(service.getStatistics(), 400, "InvalidQueryParameterValue");
});

test("the secondary reads and does not write", async () => {
  await queue.sendMessage("seen from there");
  const there = secondary.getQueueClient(queue.name);
  assert.deepEqual(texts((await there.peekMessages()).peekedMessageItems), ["seen from there"]);
  await assert.rejects(there.sendMessage("refused"), (error) => error.statusCode >= 400 && error.statusCode < 500);
  assert.equal((await peek()).length, 1);
});

test("create, create again, exists, delete", async () => {
  const other = service.getQueueClient("created");
  assert.equal(await other.exists(), false);
  assert.equal((await other.create({ metadata: { Colour: "red" } }))._response.status, 201);
  assert.equal((await other.create({ metadata: { colour: "red" } }))._response.status, 204);
  await refused(other.create({ metadata: { colour: "blue" } }), 409, "QueueAlreadyExists");
  const { succeeded, errorCode } = await other.createIfNotExists();
  assert.deepEqual([succeeded, errorCode], [false, "QueueAlreadyExists"]);
  assert.equal(await other.exists(), true);
  assert.equal((await other.delete())._response.status, 204);
  await refused(other.delete(), 404, "QueueNotFound");
  assert.equal((await other.deleteIfExists()).succeeded, false);
  assert.equal((await other.createIfNotExists()).succeeded, true);
  await service.deleteQueue("created");
  await service.createQueue("created");
  assert.equal((await other.deleteIfExists()).succeeded, true);
});

test("names outside the rules are refused", async () => {
  await refused(service.createQueue("ab"), 400, "OutOfRangeInput");
  await refused(service.createQueue("a".repeat(64)), 400, "OutOfRangeInput");
  for (const name of ["Upper", "two--dashes", "-first", "last-", "under_score"])
    await refused(service.createQueue(name), 400, "InvalidResourceName");
});

test("metadata and the count", async () => {
  assert.equal((await queue.setMetadata({ Key: "value", a_b: "1", a1: "2" }))._response.status, 204);
  await queue.sendMessage("hidden", { visibilityTimeout: 60 });
  await queue.sendMessage("visible");
  const properties = await queue.getProperties();
  assert.deepEqual(properties.metadata, { key: "value", a_b: "1", a1: "2" });
  assert.equal(properties.approximateMessagesCount, 2);
  await queue.setMetadata();
  assert.deepEqual((await queue.getProperties()).metadata, {});
  await refused(queue.setMetadata({ "1a": "x" }), 400, "InvalidMetadata");
  await refused(queue.setMetadata({ big: "x".repeat(9000) }), 400, "MetadataTooLarge");
});

test("queues are listed in pages, with prefix and metadata", async () => {
  for (const name of ["list-c", "list-a", "list-b"]) await service.createQueue(name, { metadata: { of: name } });
  const found = await all(service.listQueues({ prefix: "list-", includeMetadata: true }));
  assert.deepEqual(found.map(({ name, metadata }) => [name, metadata.of]),
    [["list-a", "list-a"], ["list-b", "list-b"], ["list-c", "list-c"]]);
  const pages = await all(service.listQueues({ prefix: "list-" }).byPage({ maxPageSize: 2 }));
  assert.deepEqual(pages.map((page) => page.queueItems.map((item) => item.name)), [["list-a", "list-b"], ["list-c"]]);
  assert.equal(pages[0].maxPageSize, 2);
  assert.equal(pages[0].queueItems[0].metadata, undefined);
  const rest = await all(service.listQueues({ prefix: "list-" }).byPage({ continuationToken: pages[0].continuationToken }));
  assert.deepEqual(rest.map((page) => page.queueItems.map((item) => item.name)), [["list-c"]]);
  assert.deepEqual(await all(service.listQueues({ prefix: "none-" })), []);
});

test("put, peek, get, update, delete", async () => {
  const sent = await queue.sendMessage("one");
  assert.equal(sent._response.status, 201);
  assert.match(sent.messageId, /^[0-9a-f-]{36}$/);
  assert.equal(sent.expiresOn - sent.insertedOn, 7 * 24 * 3600_000);

  const [peeked] = await peek();
  assert.deepEqual([peeked.messageText, peeked.dequeueCount, peeked.popReceipt], ["one", 0, undefined]);

  const [received] = await receive({ visibilityTimeout: 30 });
  assert.deepEqual([received.messageId, received.messageText, received.dequeueCount], [sent.messageId, "one", 1]);
  assert.ok(received.nextVisibleOn >= received.insertedOn);
  assert.deepEqual(await receive(), []);
  assert.deepEqual(await peek(), []);

  const updated = await queue.updateMessage(received.messageId, received.popReceipt, "two", 0);
  assert.notEqual(updated.popReceipt, received.popReceipt);
  assert.ok(updated.nextVisibleOn instanceof Date);
  await refused(queue.deleteMessage(received.messageId, received.popReceipt), 400, "PopReceiptMismatch");
  assert.deepEqual((await peek()).map((m) => [m.messageText, m.dequeueCount]), [["two", 1]]);

  assert.equal((await queue.deleteMessage(sent.messageId, updated.popReceipt))._response.status, 204);
  await refused(queue.deleteMessage(sent.messageId, updated.popReceipt), 404, "MessageNotFound");
});

test("an update without a text keeps the text", async () => {
  const sent = await queue.sendMessage("kept");
  const updated = await queue.updateMessage(sent.messageId, sent.popReceipt);
  assert.deepEqual(texts(await receive()), ["kept"]);
  await refused(queue.updateMessage(sent.messageId, updated.popReceipt), 400, "PopReceiptMismatch");
});

test("the receipt of a put deletes", async () => {
  const sent = await queue.sendMessage("short life");
  await queue.deleteMessage(sent.messageId, sent.popReceipt);
  assert.deepEqual(await peek(), []);
});

test("clear takes hidden messages too", async () => {
  await queue.sendMessage("hidden", { visibilityTimeout: 60 });
  await queue.sendMessage("visible");
  assert.equal((await queue.clearMessages())._response.status, 204);
  assert.equal((await queue.getProperties()).approximateMessagesCount, 0);
  await queue.clearMessages();
});

test("a hidden message comes back, counted once more", async () => {
  await queue.sendMessage("again");
  await receive({ visibilityTimeout: 5 });
  await emulator.advance("6s");
  assert.deepEqual((await receive()).map((m) => [m.messageText, m.dequeueCount]), [["again", 2]]);
});

test("a message with a life of a second is gone, one for ever is not", async () => {
  await queue.sendMessage("short", { messageTimeToLive: 1 });
  const { expiresOn } = await queue.sendMessage("for ever", { messageTimeToLive: -1 });
  assert.equal(expiresOn.toISOString(), "9999-12-31T23:59:59.000Z");
  await emulator.advance("8d");
  assert.deepEqual(texts(await peek()), ["for ever"]);
  assert.equal((await queue.getProperties()).approximateMessagesCount, 1);
});

test("messages come in the order in which they were put, 32 at most", async () => {
  const sent = Array.from({ length: 40 }, (_, i) => `m${i}`);
  for (const text of sent) await queue.sendMessage(text);
  const first = await receive({ numberOfMessages: 32 });
  assert.deepEqual(texts(first), sent.slice(0, 32));
  assert.equal(new Set(first.map((message) => message.popReceipt)).size, 32);
  assert.deepEqual(texts(await receive({ numberOfMessages: 32 })), sent.slice(32));
});

// This client takes line feeds out of what it sends, and does not read the &#xD; of a carriage return.
test("any text comes back byte for byte", async () => {
  for (const text of ["", "  ", " a ", "\t", "<&>\"'", "]]>", "é ü 漢", "\u{1F600}", "&amp;", "x".repeat(65536)]) {
    await queue.sendMessage(text);
    const [message] = await receive();
    assert.equal(message.messageText, text);
    await queue.deleteMessage(message.messageId, message.popReceipt);
  }
});

test("the limit is 64 KiB of UTF-8, not of XML", async () => {
  await queue.sendMessage("é".repeat(32768));
  await queue.sendMessage("<".repeat(65536));
  await refused(queue.sendMessage("é".repeat(32768) + "x"), 413, "RequestBodyTooLarge");
  assert.equal((await peek()).length, 2);
});

test("numbers outside their range are refused", async () => {
  const code = "OutOfRangeQueryParameterValue";
  for (const numberOfMessages of [0, -1, 33]) {
    await refused(receive({ numberOfMessages }), 400, code);
    await refused(peek(numberOfMessages), 400, code);
  }
  for (const visibilityTimeout of [0, -1, 604801]) await refused(receive({ visibilityTimeout }), 400, code);
  await refused(queue.sendMessage("x", { visibilityTimeout: 604801 }), 400, code);
  for (const options of [{ messageTimeToLive: 0 }, { messageTimeToLive: -2 }, { visibilityTimeout: 10, messageTimeToLive: 10 }])
    await refused(queue.sendMessage("x", options), 400, "InvalidQueryParameterValue");
  assert.deepEqual(await peek(), []);
});

test("what is not there has its own codes", async () => {
  const none = service.getQueueClient("none");
  for (const call of [() => none.getProperties(), () => none.setMetadata({}), () => none.sendMessage("x"),
    () => none.receiveMessages(), () => none.peekMessages(), () => none.clearMessages(), () => none.getAccessPolicy()])
    await refused(call, 404, "QueueNotFound");
  const { popReceipt } = await queue.sendMessage("x");
  await refused(queue.deleteMessage("00000000-0000-0000-0000-000000000000", popReceipt), 404, "MessageNotFound");
  await refused(queue.updateMessage("no-guid", popReceipt, "x"), 404, "MessageNotFound");
});

test("policies are stored, and a SAS by policy follows them", async () => {
  const policy = (permissions) => [{ id: "pol 1", accessPolicy: { startsOn: longAgo, expiresOn: farOff, permissions } }];
  assert.equal((await queue.setAccessPolicy(policy("raup")))._response.status, 204);
  const { signedIdentifiers: [stored] } = await queue.getAccessPolicy();
  assert.deepEqual([stored.id, stored.accessPolicy.permissions], ["pol 1", "raup"]);
  assert.ok(stored.accessPolicy.expiresOn instanceof Date);

  const guest = new QueueClient(queue.generateSasUrl({ identifier: "pol 1" }));
  await guest.sendMessage("by policy");
  assert.equal((await guest.peekMessages()).peekedMessageItems.length, 1);
  await queue.setAccessPolicy(policy("r"));
  await refused(guest.sendMessage("no more"), 403, "AuthorizationPermissionMismatch");
  assert.equal((await guest.peekMessages()).peekedMessageItems.length, 1);
  await queue.setAccessPolicy();
  assert.deepEqual((await queue.getAccessPolicy()).signedIdentifiers, []);
  await refused(guest.peekMessages(), 403, "AuthenticationFailed");
});

test("six policies, or a letter that queues do not know, are refused", async () => {
  const policy = (id, permissions) => ({ id, accessPolicy: { startsOn: longAgo, expiresOn: farOff, permissions } });
  await queue.setAccessPolicy(["1", "2", "3", "4", "5"].map((id) => policy(id, "r")));
  await refused(queue.setAccessPolicy(["1", "2", "3", "4", "5", "6"].map((id) => policy(id, "r"))), 400, "InvalidXmlDocument");
  await refused(queue.setAccessPolicy([policy("1", "rw")]), 400, "InvalidXmlDocument");
  assert.equal((await queue.getAccessPolicy()).signedIdentifiers.length, 5);
});

test("a queue SAS gives what its letters say", async () => {
  const guest = (letters, more = {}) => new QueueClient(queue.generateSasUrl(
    { permissions: QueueSASPermissions.parse(letters), startsOn: longAgo, expiresOn: farOff, ...more }));
  const denied = "AuthorizationPermissionMismatch";
  await guest("a").sendMessage("one");
  await refused(guest("a").peekMessages(), 403, denied);
  assert.equal((await guest("r").peekMessages()).peekedMessageItems.length, 1);
  await refused(guest("r").receiveMessages(), 403, denied);
  const { receivedMessageItems: [message] } = await guest("p").receiveMessages();
  await refused(guest("p").updateMessage(message.messageId, message.popReceipt, "two"), 403, denied);
  const { popReceipt } = await guest("u").updateMessage(message.messageId, message.popReceipt, "two");
  await guest("p").deleteMessage(message.messageId, popReceipt);
  await refused(guest("raup").clearMessages(), 403, denied);
  await refused(guest("raup").getAccessPolicy(), 403, denied);
  await guest("r", { ipRange: { start: "127.0.0.1", end: "127.0.0.9" } }).peekMessages();
  await refused(guest("r", { ipRange: { start: "10.0.0.1" } }).peekMessages(), 403, "AuthorizationSourceIPMismatch");
  await refused(guest("r", { protocol: "https" }).peekMessages(), 403, "AuthorizationProtocolMismatch");
  await refused(guest("r", { startsOn: new Date("2098-01-01") }).peekMessages(), 403, "AuthenticationFailed");
  await service.createQueue("other-queue");
  const foreign = new QueueClient(guest("r").url.replace(queue.name, "other-queue"));
  await refused(foreign.peekMessages(), 403, "AuthenticationFailed");
});

test("an account SAS gives services, types and letters", async () => {
  const guest = (letters, types) => new QueueServiceClient(
    service.generateAccountSasUrl(farOff, AccountSASPermissions.parse(letters), types));
  assert.ok((await all(guest("l", "s").listQueues())).length > 0);
  await refused(all(guest("l", "co").listQueues()), 403, "AuthorizationResourceTypeMismatch");
  await refused(all(guest("r", "sco").listQueues()), 403, "AuthorizationPermissionMismatch");
  await guest("c", "c").createQueue("by-account-sas");
  await guest("a", "o").getQueueClient("by-account-sas").sendMessage("x");
  await guest("d", "c").deleteQueue("by-account-sas");
  assert.equal((await guest("r", "s").getProperties()).cors.length, 0);
});

test("a wrong key is refused with the text that was to be signed", async () => {
  const wrong = new StorageSharedKeyCredential(service.accountName, Buffer.from("wrong").toString("base64"));
  await assert.rejects(new QueueClient(queue.url, wrong).peekMessages(), (error) => {
    assert.deepEqual([error.statusCode, error.code], [403, "AuthenticationFailed"]);
    assert.match(error.details.authenticationErrorDetail, /string to sign/i);
    return true;
  });
});

test("request ids and the client's own id", async () => {
  const answer = await queue.sendMessage("x");
  assert.match(answer.requestId, /^[0-9a-f-]{36}$/);
  assert.equal(answer.clientRequestId, answer._response.request.requestId);
  assert.ok(answer.date instanceof Date);
});
