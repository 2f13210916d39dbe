// Runs the real binary on free ports. CVEMU names it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const root = new URL("../..", import.meta.url);

export class Emulator {
  static async start(...options) {
    const emulator = new Emulator();
    emulator.process = spawn(
      process.env.CVEMU,
      ["--port", "0", "--blob-port", "0", "--queue-port", "0", "--output", "json", "--log-level", "warning", ...options],
      { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface({ input: emulator.process.stdout }), "line");
    emulator.ready = JSON.parse(line);
    return emulator;
  }

  async stop() {
    if (this.process.exitCode !== null) return; // it has ended already
    this.process.kill("SIGTERM");
    await once(this.process, "exit");
  }

  get endpoint() { return this.ready.endpoints.customVision; }
  get connectionString() { return this.ready.storageConnectionString; }

  // Moves the emulator's clock; what becomes due has happened when this returns.
  async advance(by) {
    const answer = await fetch(`${this.endpoint}/_emulator/clock/advance`, { method: "POST", body: JSON.stringify({ by }) });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()).fired;
  }
}

export function notification(name, values) {
  const text = readFileSync(new URL(`fixtures/notifications/${name}.json`, root), "utf8");
  return JSON.parse(text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all));
}

// The files of one class of fixtures/images.
export function images(kind) {
  const folder = new URL(`fixtures/images/${kind}/`, root);
  return readdirSync(folder).sort().map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }));
}
