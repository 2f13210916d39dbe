// What the tests of both storage services share.
import assert from "node:assert/strict";

// The call is refused with this status and code, and the client shows both.
export function refused(call, status, code) {
  return assert.rejects(call, (error) => {
    assert.deepEqual([error.statusCode, error.code], [status, code]);
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
