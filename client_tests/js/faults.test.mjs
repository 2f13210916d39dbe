// Faults as the official clients see them: what their own retries hide, and what reaches the code behind them.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { TrainingAPIClient } from "@azure/cognitiveservices-customvision-training";
import msRest from "@azure/ms-rest-js";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";

import { Emulator } from "./emulator.mjs";

const fastRetries = { retryOptions: { maxTries: 4, retryDelayInMs: 1, maxRetryDelayInMs: 2 } };
let emulator, queue, container;
let number = 0;

async function control(method, path, body) {
  const answer = await fetch(`${emulator.endpoint}/_emulator/${path}`, { method, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
}

// Removed again when the test is over, like all the others.
async function inject(rule) {
  const { id } = await control("POST", "faults", rule);
  return () => control("GET", `faults/${id}`);
}

// Its own retries wait half a minute, in real time; here they are switched off.
function vision() {
  const credentials = new msRest.ApiKeyCredentials({ inHeader: { "Training-key": "any" } });
  return new TrainingAPIClient(credentials, emulator.endpoint, { noRetryPolicy: true });
}

async function texts() {
  return (await queue.peekMessages({ numberOfMessages: 32 })).peekedMessageItems.map((message) => message.messageText);
}

before(async () => {
  emulator = await Emulator.start();
});

after(() => emulator.stop());

beforeEach(async () => {
  await control("DELETE", "faults");
  number += 1;
  queue = QueueServiceClient.fromConnectionString(emulator.connectionString, fastRetries).getQueueClient(`queue-${number}`);
  container = BlobServiceClient.fromConnectionString(emulator.connectionString, fastRetries)
    .getContainerClient(`container-${number}`);
  await queue.create();
  await container.create();
});

test("one 503 is absorbed by the client's retry", async () => {
  const fault = await inject({ match: { operation: "PutMessage" }, when: { requests: { first: 1 } }, action: { type: "throttle" } });
  await queue.sendMessage("once");
  const { matched, applied, absorbed } = await fault();
  assert.deepEqual({ matched, applied, absorbed }, { matched: 2, applied: 1, absorbed: 1 });
  const [retry, first] = (await control("GET", `journal?operation=PutMessage&queue=${queue.name}`)).entries;
  assert.equal(retry.retryOf, first.seq);
  assert.deepEqual([first.status, first.code, retry.status], [503, "ServerBusy", 201]);
  assert.deepEqual(await control("POST", "journal/count", { operation: "PutMessage", queue: queue.name }),
    { requests: 2, calls: 1, evicted: 0 });
});

test("a fault that counts calls survives the client's retries and reaches the code", async () => {
  const fault = await inject({ match: { operation: "PutMessage" }, when: { calls: { first: 1 } }, action: { type: "status", status: 503 } });
  await assert.rejects(queue.sendMessage("lost"), { statusCode: 503, code: "ServerBusy" });
  await queue.sendMessage("sent");
  const { applied, absorbed, remaining } = await fault();
  assert.deepEqual({ applied, absorbed, remaining }, { applied: 4, absorbed: 0, remaining: 0 });
  assert.deepEqual(await texts(), ["sent"]);
});

test("a connection that breaks after the work is done makes the client send a message twice", async () => {
  const fault = await inject({
    match: { operation: "PutMessage" }, when: { requests: { first: 1 } }, phase: "afterEffect", action: { type: "resetConnection" },
  });
  await queue.sendMessage("twice");
  assert.deepEqual(await texts(), ["twice", "twice"]);
  assert.equal((await fault()).absorbed, 1);
  assert.equal((await control("POST", "journal/count", { operation: "PutMessage", queue: queue.name, status: "broken" })).requests, 1);
});

test("503 with Retry-After that outlasts the retries reaches the code with its header", async () => {
  const fault = await inject({ match: { operation: "GetQueueMetadata" }, when: { calls: { first: 1 } }, action: { type: "throttle", retryAfter: 0 } });
  await assert.rejects(queue.getProperties(), (error) => {
    assert.deepEqual([error.statusCode, error.response.headers.get("retry-after")], [503, "0"]);
    return true;
  });
  await queue.getProperties();
  const { applied, remaining } = await fault();
  assert.deepEqual({ applied, remaining }, { applied: 4, remaining: 0 });
});

test("500 is tried again, 501 is not", async () => {
  const fault = await inject({ match: { operation: "PutMessage" }, when: { requests: { first: 1 } }, action: { type: "status", status: 500 } });
  await queue.sendMessage("once");
  assert.equal((await fault()).absorbed, 1);
  const refused = await inject({ match: { operation: "PutMessage" }, action: { type: "status", status: 501 } });
  await assert.rejects(queue.sendMessage("never"), { statusCode: 501 });
  assert.equal((await refused()).applied, 1);
  assert.deepEqual(await texts(), ["once"]);
});

test("a connection that breaks before anything is done is absorbed", async () => {
  for (const type of ["resetConnection", "emptyReply"]) {
    const fault = await inject({ match: { operation: "PutMessage" }, when: { requests: { first: 1 } }, action: { type } });
    await queue.sendMessage(type);
    const { matched, applied, absorbed, remaining } = await fault();
    assert.deepEqual({ matched, applied, absorbed, remaining }, { matched: 2, applied: 1, absorbed: 1, remaining: 0 }, type);
    await control("DELETE", "faults");
  }
  assert.deepEqual(await texts(), ["resetConnection", "emptyReply"]);
});

test("connections that break on every try reach the code", async () => {
  const fault = await inject({ match: { operation: "PutMessage" }, when: { calls: { first: 1 } }, action: { type: "emptyReply" } });
  await assert.rejects(queue.sendMessage("lost"), { name: "RestError" });
  const { applied, absorbed } = await fault();
  assert.deepEqual({ applied, absorbed }, { applied: 4, absorbed: 0 });
  assert.deepEqual(await texts(), []);
});

test("one corrupted byte is found by nobody but a checksum", async () => {
  const bytes = Buffer.alloc(1000, "cvemu");
  await container.uploadBlockBlob("whole", bytes, bytes.length);
  const fault = await inject({ match: { operation: "GetBlob" }, when: { requests: { first: 1 } }, action: { type: "corruptBody", afterBytes: 500 } });
  const corrupt = await container.getBlobClient("whole").downloadToBuffer();
  assert.equal(corrupt.length, bytes.length);
  assert.ok(!corrupt.equals(bytes));
  assert.equal((await fault()).applied, 1);
});

test("a refusal that is no matter of luck is not tried again", async () => {
  const fault = await inject({ match: { operation: "PutBlob" }, action: { type: "status", status: 403 } });
  await assert.rejects(container.uploadBlockBlob("x", "text", 4), { statusCode: 403, code: "AuthorizationFailure" });
  assert.equal((await fault()).applied, 1);
});

test("a download that breaks off ends in an error: this client does not take it up again", async () => {
  const bytes = Buffer.alloc(100_000, "cvemu");
  await container.uploadBlockBlob("big", bytes, bytes.length);
  const fault = await inject({
    match: { operation: "GetBlob" }, when: { requests: { first: 1 } }, action: { type: "truncateBody", afterBytes: 60_000 },
  });
  const blob = container.getBlobClient("big");
  await assert.rejects(blob.downloadToBuffer(), { name: "AbortError" });
  assert.ok(bytes.equals(await blob.downloadToBuffer()));
  const { matched, applied } = await fault();
  assert.deepEqual({ matched, applied }, { matched: 2, applied: 1 });
});

test("429 of Custom Vision reaches the code at once, with Retry-After or without", async () => {
  for (const retryAfter of [2, null]) {
    const fault = await inject({ match: { operation: "GetDomains" }, when: { requests: { first: 1 } }, action: { type: "throttle", retryAfter } });
    await assert.rejects(vision().getDomains(), (error) => {
      assert.deepEqual([error.statusCode, error.response.headers.get("retry-after")], [429, retryAfter?.toString()]);
      return true;
    });
    assert.ok((await vision().getDomains()).length > 0);
    const { matched, applied, absorbed, remaining } = await fault();
    assert.deepEqual({ matched, applied, absorbed, remaining }, { matched: 2, applied: 1, absorbed: 1, remaining: 0 });
    await control("DELETE", "faults");
  }
});

test("503 and broken connections of Custom Vision reach the code that switched retries off", async () => {
  for (const action of [{ type: "status", status: 503 }, { type: "resetConnection" }, { type: "emptyReply" }]) {
    const fault = await inject({ match: { operation: "GetDomains" }, when: { requests: { first: 1 } }, action });
    await assert.rejects(vision().getDomains(), undefined, action.type);
    assert.ok((await vision().getDomains()).length > 0);
    assert.deepEqual((await fault()).applied, 1, action.type);
    await control("DELETE", "faults");
  }
});
