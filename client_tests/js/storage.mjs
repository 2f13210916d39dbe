// What the tests of both storage services share.
import assert from "node:assert/strict";

// The call is refused with this status and code, and the client shows both; of a HEAD, that has no body, in the details.
export function refused(call, status, code) {
  return assert.rejects(call, (error) => {
    assert.deepEqual([error.statusCode, error.code ?? error.details?.errorCode], [status, code]);
    return true;
  });
}

export async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

// The account and the keys of a connection string.
export function settings(connectionString) {
  return Object.fromEntries(connectionString.split(";").filter(Boolean).map((part) => {
    const at = part.indexOf("=");
    return [part.slice(0, at), part.slice(at + 1)];
  }));
}

// Dates that stay what they are when a test moves the emulator's clock.
export const longAgo = new Date("2020-01-01");
export const farOff = new Date("2099-01-01");

// A token as an identity provider would issue it; the emulator looks at the claims and not at the signature.
export function bearerToken(now = Date.now()) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const seconds = Math.floor(now / 1000);
  const claims = {
    aud: "https://storage.azure.com", iss: "https://sts.windows.net/tenant/", iat: seconds - 60, nbf: seconds - 60,
    exp: seconds + 3600, oid: "object", tid: "tenant",
  };
  return [part({ alg: "none" }), part(claims), part("signature")].join(".");
}
