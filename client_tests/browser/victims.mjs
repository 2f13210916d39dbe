// Whom the pages attack: the emulator, and a server without any defence, which shows that the attacks work.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

export const SECRETS = /AccountKey|training-key|prediction-key/;

// Answers everything with secrets, and remembers what it was asked.
export class Naive {
  static async start() {
    const naive = new Naive();
    naive.asked = [];
    naive.server = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      naive.asked.push({ what: `${request.method} ${request.url.split("?")[0]}`, body, site: request.headers["sec-fetch-site"] });
      response.setHeader("Content-Type", request.url.endsWith(".html") ? "text/html" : "application/json");
      response.end(request.url.endsWith(".html") ? naive.page : '{"storageConnectionString": "AccountKey=..."}');
    });
    naive.server.listen(0, "127.0.0.1");
    await once(naive.server, "listening");
    naive.port = naive.server.address().port;
    return naive;
  }

  was(what, body = "") {
    return this.asked.some((one) => one.what === what && one.body.includes(body));
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

// Of the account of a connection string, for both services, as anybody can make who knows the key.
export function accountSas(connectionString) {
  const [, account, key] = /AccountName=([^;]+);AccountKey=([^;]+)/.exec(connectionString);
  const [permissions, services, types, expiry, version] = ["rwdlacup", "bq", "sco", "2099-01-01T00:00:00Z", "2021-12-02"];
  const text = [account, permissions, services, types, "", expiry, "", "", version, "", ""].join("\n");
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  return new URLSearchParams({ sv: version, ss: services, srt: types, sp: permissions, se: expiry, sig: signature }).toString();
}

// All that a caller can see and change, as a program sees it.
export async function everything(emulator) {
  const parts = ["state?full=1", "journal?limit=1000", "faults", "snapshots", "clock", "identity", "transitions",
    "predictions/rules", "jobs", "operations"];
  const texts = await Promise.all(parts.map(async (part) => {
    const answer = await fetch(`${emulator.endpoint}/_emulator/${part}`);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.text();
  }));
  return texts.join("\n").replace(/"offsetSeconds":-?\d+/, ""); // which grows while the clock stands still
}
