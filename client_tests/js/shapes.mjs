// Compares the text of an answer with what fixtures/operations/customvision_answers.json says about its shape: the keys
// and their order, the kinds of the values and how they are written.
import { readFileSync } from "node:fs";

const root = new URL("../../fixtures/operations/", import.meta.url);
export const facts = JSON.parse(readFileSync(new URL("customvision_answers.json", root), "utf8"));

// A number as it stands in the text: parsing would lose the difference between 1 and 1.0.
class Literal {
  constructor(text) { this.text = text; }
}

const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

export function parse(text) {
  const marked = text.replace(tokens, (token) => (token[0] === '"' ? token : `{"literal number":"${token}"}`));
  return JSON.parse(marked, (key, value) => (value?.["literal number"] ? new Literal(value["literal number"]) : value));
}

const digits = (text) => text.replace(/E.*/, "").replace(/^[-0.]+/, "").replace(".", "").length;

// Single precision as .NET writes it: seven digits if these read back as the same number, else nine.
function isFloat(text) {
  const value = Math.fround(text);
  const seven = Number(value.toPrecision(7));
  const short = Math.fround(seven) === value;
  return /[.E]/.test(text) && !text.includes("e") && (short ? Number(text) === seven : digits(text) <= 9);
}

const literal = (test) => (value) => value instanceof Literal && test(value.text);
const string = (pattern) => (value) => typeof value === "string" && pattern.test(value);

const kinds = {
  null: (value) => value === null,
  bool: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  int: literal((text) => /^-?\d+$/.test(text)),
  double: literal((text) => /[.E]/.test(text) && !text.includes("e")),
  float: literal(isFloat),
  guid: string(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  date: string(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  imageDate: string(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?$/),
  uri: string(/^https?:\/\/[^ ]+$/),
};

function objectProblems(type, value, path) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [`${path} is no ${type}`];
  const fields = Object.entries(facts.objects[type]).map(([key, kind]) => [key.replace("?", ""), kind, key.endsWith("?")]);
  const expected = fields.filter(([key, , optional]) => !optional || key in value).map(([key]) => key);
  if (expected.join() !== Object.keys(value).join()) return [`${path} has the keys ${Object.keys(value)}, not ${expected}`];
  return fields.filter(([key]) => key in value).flatMap(([key, kind]) => problems(kind, value[key], `${path}.${key}`));
}

function partProblems(type, parts, path) {
  return Object.entries(parts).flatMap(([key, part]) => problems(type, part, `${path}[${key}]`));
}

// What is wrong with a parsed value; nothing is an empty list.
export function problems(type, value, path = "answer") {
  if (type.includes("|")) {
    const attempts = type.split("|").map((choice) => problems(choice, value, path));
    return attempts.sort((a, b) => a.length - b.length)[0];
  }
  if (type.endsWith("[]")) return Array.isArray(value) ? partProblems(type.slice(0, -2), value, path) : [`${path} is no list`];
  if (type.startsWith("map<")) return partProblems(type.slice(4, -1), value, path);
  if (type in facts.objects) return objectProblems(type, value, path);
  const good = type in facts.enums ? facts.enums[type].includes(value) : kinds[type](value);
  return good ? [] : [`${path} is no ${type}: ${value instanceof Literal ? value.text : JSON.stringify(value)}`];
}

function bodyProblems(type, text) {
  if (type === "nothing") return text ? [`the body should be empty: ${text}`] : [];
  return type === "bytes" ? [] : problems(type, parse(text));
}

function headerProblems(headers) {
  const found = Object.entries(facts.headers).filter(([name, kind]) =>
    kind in kinds ? !kinds[kind](headers.get(name)) : headers.get(name) !== kind);
  const wrong = found.map(([name]) => `the header ${name} is ${headers.get(name)}`);
  return headers.get("request-id") === headers.get("apim-request-id") ? wrong : [...wrong, "the two request ids differ"];
}

const contentTypes = { nothing: undefined, bytes: "application/octet-stream" };

export function answerProblems(operation, status, headers, text) {
  const type = facts.answers[operation][status];
  if (!type) return [`${operation} does not answer ${status}`];
  const contentType = type in contentTypes ? contentTypes[type] : "application/json; charset=utf-8";
  const wrong = headers.get("content-type") === contentType ? [] : [`the content type is ${headers.get("content-type")}`];
  return [...wrong, ...headerProblems(headers), ...bodyProblems(type, text)];
}

export function errorProblems(status, headers, text) {
  const { code, error } = JSON.parse(text);
  if (error) return problems("GatewayError", parse(text));
  const [family] = Object.keys(facts.errorStatus).filter((name) => code?.startsWith(name));
  const wrong = status === facts.errorStatus[family] ? [] : [`${code} does not go with ${status}`];
  return [...wrong, ...headerProblems(headers), ...problems("CustomVisionError", parse(text))];
}
