// The shape checker itself: each of these answers differs from a good one in one point, and that is found.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parse, problems } from "./shapes.mjs";

const id = '"0732100f-1a38-4e49-a514-c9b44c697ab5"';
const good = `{"id":${id},"name":"a","description":null,"type":"Regular","imageCount":0}`;
const wrong = [
  ["keys in another order", good.replace('"name":"a","description":null', '"description":null,"name":"a"')],
  ["a key too few", good.replace('"description":null,', "")],
  ["a key too many", good.replace('"name"', '"more":1,"name"')],
  ["an id in capitals", good.replace("0732100f", "0732100F")],
  ["text for a number", good.replace(":0}", ':"0"}')],
  ["a fraction for a count", good.replace(":0}", ":0.0}")],
  ["an unknown value", good.replace("Regular", "regular")],
  ["null for text", good.replace('"a"', "null")],
];

test("a good tag has no problems, each bad one has", () => {
  assert.deepEqual(problems("Tag", parse(good)), []);
  for (const [what, text] of wrong) assert.equal(problems("Tag", parse(text)).length, 1, what);
});

test("kinds of numbers and dates", () => {
  const is = (kind, text) => problems(kind, parse(text)).length === 0;
  for (const text of ["0.0", "1.0", "0.9999999", "0.403186262", "1.1920929E-07"]) assert.ok(is("float", text), text);
  for (const text of ["1", "0", "0.40318626165390015", "1.1920929e-07", '"1.0"', "null"]) assert.ok(!is("float", text), text);
  assert.ok(is("date", '"2020-11-06T17:40:45.610Z"'));
  for (const text of ["2020-11-06T17:40:45.61Z", "2020-11-06T17:40:45.610", "2020-11-06"]) assert.ok(!is("date", `"${text}"`));
  assert.ok(is("imageDate", '"2020-11-06T17:40:45.493677"'));
  for (const text of ["2020-11-06T17:40:45.4930", "2020-11-06T17:40:45.493Z"]) assert.ok(!is("imageDate", `"${text}"`));
});
