// Over TLS, where the clients send bearer tokens: user delegation keys and the SAS that they sign.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
  BlobClient, BlobSASPermissions, BlobServiceClient, ContainerClient, ContainerSASPermissions,
} from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";

import { Emulator } from "./emulator.mjs";
import { all, bearerToken, farOff, longAgo, refused, settings } from "./storage.mjs";

const withoutAgentOfItsOwn = { keepAliveOptions: { enable: false } }; // so that https.globalAgent is asked, which trusts us
const credential = { getToken: async () => ({ token: bearerToken(), expiresOnTimestamp: Date.now() + 3600_000 }) };

let emulator, folder, service;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "cvemu-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert], { stdio: "ignore" });
  https.globalAgent.options.ca = readFileSync(cert);
  emulator = await Emulator.start("--cert", cert, "--key", key, "--oauth", "basic");
  service = new BlobServiceClient(settings(emulator.connectionString).BlobEndpoint, credential, withoutAgentOfItsOwn);
});

after(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

test("a bearer token opens both services, but no access policy", async () => {
  const { containerClient } = await service.createContainer("by-token");
  await containerClient.uploadBlockBlob("b", "1", 1);
  assert.deepEqual((await all(containerClient.listBlobsFlat())).map((blob) => blob.name), ["b"]);
  await assert.rejects(containerClient.getAccessPolicy(), (error) => error.statusCode === 403);
  const queues = new QueueServiceClient(settings(emulator.connectionString).QueueEndpoint, credential, withoutAgentOfItsOwn);
  await queues.createQueue("by-token");
  await queues.getQueueClient("by-token").sendMessage("x");
});

test("a user delegation key signs a SAS", async () => {
  const { containerClient: container } = await service.createContainer("delegated");
  await container.uploadBlockBlob("b", "text", 4);
  const key = await service.getUserDelegationKey(longAgo, farOff);
  assert.deepEqual([key.signedObjectId, key.signedTenantId, key.signedService], ["object", "tenant", "b"]);
  const sas = (client, Permissions) => client.generateUserDelegationSasUrl(
    { permissions: Permissions.parse("r"), startsOn: longAgo, expiresOn: farOff }, key);
  const blob = new BlobClient(await sas(container.getBlobClient("b"), BlobSASPermissions), undefined, withoutAgentOfItsOwn);
  assert.equal((await blob.downloadToBuffer()).toString(), "text");
  const guest = new ContainerClient(await sas(container, ContainerSASPermissions), undefined, withoutAgentOfItsOwn);
  assert.equal((await guest.getBlobClient("b").downloadToBuffer()).toString(), "text");
  await refused(guest.deleteBlob("b"), 403, "AuthorizationPermissionMismatch");
});

test("the account's key does not get a user delegation key", async () => {
  const owner = BlobServiceClient.fromConnectionString(emulator.connectionString, withoutAgentOfItsOwn);
  await refused(owner.getUserDelegationKey(longAgo, farOff), 403, "AuthenticationFailed");
});
