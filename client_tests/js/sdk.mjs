// The official clients of Custom Vision. Every answer's whole shape is compared, and who was called is remembered.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { PredictionAPIClient } from "@azure/cognitiveservices-customvision-prediction";
import { TrainingAPIClient } from "@azure/cognitiveservices-customvision-training";
import msRest from "@azure/ms-rest-js";

import { Emulator } from "./emulator.mjs";
import { answerProblems, errorProblems } from "./shapes.mjs";

export const nobody = "00000000-0000-4000-8000-000000000001"; // an id that nothing has
export const nowhere = "http://127.0.0.1:1/image.png"; // a URL that nothing answers

const published = new URL("../../fixtures/operations/customvision.json", import.meta.url);
const operations = JSON.parse(readFileSync(published, "utf8")).operations.map(({ name }) => name);

// Lets the last answer be seen as it came: the clients' errors keep its parsed form only.
class Wire extends msRest.DefaultHttpClient {
  async sendRequest(request) {
    this.answer = await super.sendRequest(request);
    return this.answer;
  }
}

const credentials = (header, key) => new msRest.ApiKeyCredentials({ inHeader: { [header]: key } });
const methods = (call) => new Proxy({}, { get: (_, method) => (...values) => call(method, values) });
const codeOf = (body) => body.code ?? body.error.code; // the service's errors, and the gateway's
const nameOf = (method) => method[0].toUpperCase() + method.slice(1);

function send(clients, method, values) {
  const client = clients.find((candidate) => method in candidate);
  assert.ok(client, `no client has ${method}`);
  return client[method](...values);
}

export class Service {
  succeeded = new Set();
  failed = new Set();
  #wire = new Wire();

  static async start(...options) {
    const service = new Service();
    service.emulator = await Emulator.start("--training-time", "2s", "--export-time", "1s", ...options);
    const { trainingKey, predictionKey } = service.emulator.ready;
    const known = service.#clients(trainingKey, predictionKey);
    const unknown = service.#clients("", "");
    service.api = methods((...call) => service.#succeed(known, ...call));
    service.refuses = methods((...call) => service.#fail(known, ...call));
    service.strangers = methods((...call) => service.#fail(unknown, ...call));
    return service;
  }

  #clients(trainingKey, predictionKey) {
    const { endpoint } = this.emulator, options = { httpClient: this.#wire };
    return [
      new TrainingAPIClient(credentials("Training-key", trainingKey), endpoint, options),
      new PredictionAPIClient(credentials("Prediction-key", predictionKey), endpoint, options),
    ];
  }

  stop() { return this.emulator.stop(); }

  async #succeed(clients, method, values) {
    const answer = await send(clients, method, values);
    const { status, headers, bodyAsText } = this.#wire.answer;
    assert.deepEqual(answerProblems(nameOf(method), status, headers, bodyAsText), [], method);
    this.succeeded.add(nameOf(method));
    return "body" in answer ? answer.body : answer;
  }

  // The last value is the code that the error must have.
  async #fail(clients, method, values) {
    const code = values.pop();
    const error = await send(clients, method, values).then(() => assert.fail(`${method} was not refused`), (thrown) => thrown);
    assert.ok(error.statusCode, `${method}: ${error.stack}`);
    const { status, headers, bodyAsText, readableStreamBody } = this.#wire.answer;
    const text = bodyAsText ?? (await readableStreamBody.toArray()).join("");
    assert.equal(codeOf(JSON.parse(text)), code, `${method}: ${error.stack}`);
    assert.deepEqual(errorProblems(status, headers, text), [], method);
    this.failed.add(nameOf(method));
    return error;
  }

  neverSucceeded() { return operations.filter((name) => !this.succeeded.has(name)); }
  neverFailed() { return operations.filter((name) => !this.failed.has(name)); }
}
