// Web pages of strangers, in a real browser: they can neither change nor read anything of an emulator that runs here.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { chromium } from "playwright-core";

import { Emulator } from "../js/emulator.mjs";
import { attack, useServices } from "./attacks.mjs";
import { accountSas, everything, Naive, SECRETS } from "./victims.mjs";

// Names that lead to this machine: one whose page is a stranger's, one that was rebound, one of ours without the
// privileges of localhost, where browsers say nothing of the page that asks.
const NAMES = ["attacker.example", "rebound.example", "emulator.test"];
// With an icon, for which the browser would else ask.
const BLANK = '<!doctype html><link rel="icon" href="data:,"><title>page</title><body></body>';
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // Browsers begin to guard the machine themselves; it must not depend on them.
  "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
  `--host-resolver-rules=${NAMES.map((name) => `MAP ${name} 127.0.0.1`).join(", ")}`];

let browser, emulator, naive, sas, blob;

before(async () => {
  naive = await Naive.start();
  naive.page = BLANK;
  emulator = await Emulator.start("--clock", "frozen", "--create-queue", "notifications", "--create-container", "pages");
  sas = accountSas(emulator.connectionString);
  blob = `${emulator.ready.endpoints.blob}/pages/stored.html?${sas}`;
  await put(blob, "text/html", `<link rel="icon" href="data:,"><body><script>
    navigator.sendBeacon("http://attacker.example:${naive.port}/ran");
    for (const path of ["reset", "shutdown"]) fetch("/_emulator/" + path, { method: "POST" });
  </script></body>`);
  await fetch(`${emulator.endpoint}/customvision/v3.3/training/projects?name=ours`,
    { method: "POST", headers: { "Training-Key": "any" } });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
});

after(async () => {
  await browser?.close();
  await emulator?.stop();
  naive?.stop();
});

beforeEach(() => { naive.asked.length = 0; });

async function put(url, type, body) {
  const answer = await fetch(url, { method: "PUT", body, headers: { "x-ms-blob-type": "BlockBlob", "Content-Type": type } });
  assert.equal(answer.status, 201, await answer.text());
}

// What `attempt(...values)` finds in a page of that origin. The page itself comes from nowhere, so that the origin may
// be that of a server which would not serve it, as after a rebinding.
async function inPage(origin, attempt, ...values) {
  const context = await browser.newContext({ acceptDownloads: true });
  try {
    const page = await context.newPage();
    await page.route(`${origin}/page.html`, (route) => route.fulfill({ contentType: "text/html", body: BLANK }));
    await page.goto(`${origin}/page.html`);
    await page.unrouteAll(); // else preflights would be answered here
    await page.addScriptTag({ content: `window.attempt = ${attempt}` });
    return await page.evaluate((given) => window.attempt(...given), values);
  } finally {
    await context.close();
  }
}

const port = (url) => new URL(url).port;

// What each pair of a page's origin and the server that it attacks has found; nothing may have changed.
async function refusesAll(...pairs) {
  const earlier = await everything(emulator);
  const found = await Promise.all(pairs.map(([origin, base]) => inPage(origin, attack, base)));
  assert.equal(await everything(emulator), earlier);
  for (const results of found)
    for (const [name, result] of Object.entries(results)) assert.doesNotMatch(JSON.stringify(result), SECRETS, name);
  return found;
}

test("the attacks work where nobody defends: from another origin everything arrives", async () => {
  await inPage(`http://attacker.example:${naive.port}`, attack, `http://localhost:${naive.port}`);
  for (const what of ["POST /_emulator/reset", "POST /_emulator/shutdown", "GET /_emulator/connection",
    "GET /_emulator/export", "GET /_emulator/journal", "OPTIONS /_emulator/clock"])
    assert.ok(naive.was(what), what);
  assert.ok(naive.asked.filter((one) => one.what === "POST /_emulator/reset").length >= 6);
  assert.ok(naive.was("POST /_emulator/clock/advance", '{"by": "1h", "to":"="}'), "the form's text is JSON");
  assert.ok(naive.asked.some((one) => one.site === "cross-site"));
});

test("the attacks work where nobody defends: under a rebound name everything is read, too", async () => {
  const origin = `http://rebound.example:${naive.port}`;
  const results = await inPage(origin, attack, origin);
  for (const name of ["read connection", "read state", "read journal", "read archive", "read as a frame", "fetch PUT",
    "fetch DELETE", "XMLHttpRequest with a header", "form text/plain"])
    assert.match(JSON.stringify(results[name]), SECRETS, name);
  assert.ok(naive.was("DELETE /_emulator/journal"));
});

test("a page of another origin changes and reads nothing", async () => {
  // Another site, another port of the same host, a victim of which browsers say nothing, one that has another name.
  const pairs = [["attacker.example", "127.0.0.1"], ["127.0.0.1", "127.0.0.1"], ["attacker.example", "emulator.test"],
    ["attacker.example", "rebound.example"]];
  await refusesAll(...pairs.map(([host, victim]) =>
    [`http://${host}:${naive.port}`, `http://${victim}:${port(emulator.endpoint)}`]));
});

test("a page that was stored as a blob, opened where blobs are, changes and reads nothing", async () => {
  await refusesAll([new URL(blob).origin, emulator.endpoint]);
});

test("a page under a rebound name changes and reads nothing; all it sees is the refusal", async () => {
  const origin = `http://rebound.example:${port(emulator.endpoint)}`;
  const [results] = await refusesAll([origin, origin]);
  for (const name of ["fetch reset", "fetch PUT", "fetch DELETE", "XMLHttpRequest with a header", "read state", "read archive"])
    assert.equal(results[name].status, 421, name);
});

test("a page under a rebound name cannot use the services with keys that anybody knows", async () => {
  const state = async () => (await fetch(`${emulator.endpoint}/_emulator/state?full=1`)).text();
  const earlier = await state();
  const { customVision, queue } = emulator.ready.endpoints;
  const urls = (host) => [customVision, blob, `${queue}/notifications/messages?${sas}`]
    .map((url) => { const named = new URL(url); named.hostname = host; return named.href.replace(/\/$/, ""); });
  for (const own of [customVision, blob, queue]) {
    const results = await inPage(`http://rebound.example:${port(own)}`, useServices, ...urls("rebound.example"));
    const statuses = Object.values(results).filter((result) => !result.error).map((result) => result.status);
    assert.ok(statuses.length > 0);
    assert.deepEqual(new Set(statuses), new Set([421]));
  }
  assert.equal(await state(), earlier);
  // A program that has the same keys may.
  const own = await useServices(...urls("127.0.0.1"));
  assert.deepEqual(Object.values(own).map((result) => result.status), [200, 200, 200, 201]);
});

test("a page of the control routes' own origin may steer, if it ever gets there", async () => {
  const results = await inPage(emulator.endpoint, async (base) => (await fetch(`${base}/_emulator/clock`)).status, emulator.endpoint);
  assert.equal(results, 200);
});

test("a stored page that is opened through the control route is saved, and its script does not run", async () => {
  const control = `${emulator.endpoint}/_emulator/storage/devstoreaccount1/containers/pages/blobs/stored.html`;
  const earlier = await everything(emulator);
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  const [download] = await Promise.all([page.waitForEvent("download"), page.goto(control).catch(() => {})]);
  assert.equal(download.suggestedFilename(), "stored.html");
  // The same as a frame of a page of that origin, and the script alone.
  await inPage(emulator.endpoint, async (url) => {
    const frame = Object.assign(document.createElement("iframe"), { src: url });
    document.body.append(frame);
    const script = Object.assign(document.createElement("script"), { src: url });
    await new Promise((done) => { script.onload = script.onerror = done; document.body.append(script); });
  }, control);
  await context.close();
  assert.equal(await everything(emulator), earlier);
  assert.equal(naive.was("POST /ran"), false);

  // The very page, opened where it may run, shows that it would have been seen.
  const open = await browser.newContext();
  const victim = await open.newPage();
  const ran = victim.waitForRequest(/\/ran$/);
  await victim.goto(blob);
  await ran;
  await open.close();
  assert.equal(await everything(emulator).then((all) => all.includes('"ours"')), true);
});
