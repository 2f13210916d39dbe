// What a client downloads from a running emulator answers in independent runtimes what the prediction endpoint answers:
// projects are uploaded, trained, published and exported, and the archives of `downloadUri` are run.
//
//   CVEMU=binary node downloaded.mjs
//
// Prints the largest difference of every archive; ends with 1 above the tolerance, 77 if no runtime is installed.
import {Emulator} from '../js/emulator.mjs';
import {scene} from '../js/pictures.mjs';
import {readArchive} from './archive.mjs';
import {boxDifference, report, rowDifference} from './differences.mjs';
import {importRuntime} from './runtimes.mjs';

const PICTURES = 6;
const KINDS = ['square', 'disc'];
const RESOURCE = '/subscriptions/1/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a';

// side, bgr: what the models of the domain take; without: what cannot be exported from it.
const projects = [
  {name: 'multiclass', domain: '0732100f-1a38-4e49-a514-c9b44c697ab5', type: 'Multiclass', side: 224, bgr: true},
  {name: 'multilabel', domain: '0732100f-1a38-4e49-a514-c9b44c697ab5', type: 'Multilabel', side: 224, bgr: true},
  {name: 'multiclass S1', domain: 'a1db07ca-a19a-4830-bae8-e004a42dc863', type: 'Multiclass', side: 300, bgr: false},
  {name: 'detection', domain: 'a27d5ca5-bb19-49d8-a70a-fec086c47f5b', detection: true, side: 416, bgr: true},
  {name: 'detection S1', domain: '7ec2ac80-887b-48a6-8df9-8b1357765430', detection: true, side: 320, bgr: false,
    without: ['TensorFlow.TensorFlowLite', 'TensorFlow.TensorFlowLiteFloat16']},
];

async function request(emulator, method, path, body, key = 'training') {
  const headers = {'Content-Type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json'};
  headers[`${key}-key`] = emulator.ready[`${key}Key`];
  const content = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const version = key === 'training' ? 'v3.3' : 'v3.1';
  const answer = await fetch(`${emulator.endpoint}/customvision/${version}/${key}${path}`, {method, headers, body: content});
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
}

async function upload(emulator, project, {detection}) {
  for (const kind of KINDS) {
    const tag = (await request(emulator, 'POST', `${project}/tags?name=${kind}`)).id;
    const images = Array.from({length: detection ? 15 : 10}, (_, number) => {
      const {bytes, box} = scene(kind, number, 160);
      return {contents: bytes.toString('base64'), ...(detection ? {regions: [{tagId: tag, ...box}]} : {tagIds: [tag]})};
    });
    await request(emulator, 'POST', `${project}/images/files`, {images});
  }
}

// The project's path, its published iteration's path.
async function train(emulator, spec) {
  const query = `name=${encodeURIComponent(spec.name)}&domainId=${spec.domain}`;
  const {id} = await request(emulator, 'POST', `/projects?${query}${spec.type ? `&classificationType=${spec.type}` : ''}`);
  const project = `/projects/${id}`;
  await upload(emulator, project, spec);
  const iteration = `${project}/iterations/${(await request(emulator, 'POST', `${project}/train`)).id}`;
  await emulator.advance('2s');
  await request(emulator, 'POST', `${iteration}/publish?publishName=live&predictionId=${encodeURIComponent(RESOURCE)}`);
  return {id, iteration};
}

async function download(emulator, iteration, format) {
  const [platform, flavor] = format.split('.');
  await request(emulator, 'POST', `${iteration}/export?platform=${platform}&flavor=${flavor ?? ''}`);
  await emulator.advance('1s');
  const exports = await request(emulator, 'GET', `${iteration}/export`);
  const {status, downloadUri} = exports.find(made => made.platform === platform && made.flavor === (flavor ?? null));
  if (status !== 'Done') throw new Error(`the export ${format} ended as ${status}`);
  return readArchive(Buffer.from(await (await fetch(downloadUri)).arrayBuffer()));
}

// A bitmap's rows stand on their heads, its colours begin with blue.
function rgbOf(bitmap, side) {
  const rgb = Buffer.alloc(side * side * 3);
  for (let i = 0; i < rgb.length; ++i) {
    const [row, column, colour] = [Math.floor(i / 3 / side), Math.floor(i / 3) % side, i % 3];
    rgb[i] = bitmap[54 + ((side - 1 - row) * side + column) * 3 + 2 - colour];
  }
  return rgb;
}

// The endpoint's answer to a picture, in the order of a model's labels.
async function endpointAnswer(emulator, {id}, {detection}, labels, bitmap) {
  const endpoint = `/${id}/${detection ? 'detect' : 'classify'}/iterations/live/image/nostore`;
  const {predictions} = await request(emulator, 'POST', endpoint, bitmap, 'prediction');
  if (!detection) return labels.map(label => predictions.find(({tagName}) => tagName === label).probability);
  return predictions.map(({tagName, probability, boundingBox: {left, top, width, height}}) =>
    [labels.indexOf(tagName), probability, left, top, width, height]);
}

// The endpoint's boxes end at the picture's edge; a model's may reach beyond it.
function clipped([label, probability, left, top, width, height]) {
  const [x0, y0, x1, y1] = [left, top, left + width, top + height].map(v => Math.min(Math.max(v, 0), 1));
  return [label, probability, x0, y0, x1 - x0, y1 - y0];
}

function labelsOf(files) {
  const [name] = [...files.keys()].filter(key => key.endsWith('labels.txt'));
  return files.get(name).toString('utf8').split(/\r?\n/).filter(Boolean);
}

async function largestDifference(emulator, trained, spec, {load}, format, files) {
  const labels = labelsOf(files);
  const run = await load(files, {...spec, labels}, {format, detection: Boolean(spec.detection)});
  let most = 0;
  for (let number = 20; number < 20 + PICTURES; ++number) {
    const bitmap = scene(KINDS[number % 2], number, spec.side).bytes;
    const expected = await endpointAnswer(emulator, trained, spec, labels, bitmap);
    const actual = await run(rgbOf(bitmap, spec.side), number);
    most = Math.max(most, spec.detection ? boxDifference(expected, actual.map(clipped)) : rowDifference(expected, actual));
  }
  return most;
}

async function compare(emulator, runtimes) {
  let good = true;
  for (const spec of projects) {
    const trained = await train(emulator, spec);
    const archives = new Map();
    for (const [name, runtime] of runtimes) {
      for (const format of runtime.formats.filter(made => !spec.without?.includes(made))) {
        if (!archives.has(format)) archives.set(format, await download(emulator, trained.iteration, format));
        const files = archives.get(format);
        good = report(name, spec.name, format, await largestDifference(emulator, trained, spec, runtime, format, files)) && good;
      }
    }
  }
  return good;
}

// Not customvision: it brings a TensorFlow.js of its own, and one process does not bear two.
const names = ['onnx', 'tfjs', 'tflite'];
const runtimes = (await Promise.all(names.map(async name => [name, await importRuntime(name)]))).filter(([, found]) => found);
if (!runtimes.length) process.exit(77);
const emulator = await Emulator.start('--training-time', '2s', '--export-time', '1s');
try {
  process.exitCode = await compare(emulator, runtimes) ? 0 : 1;
} finally {
  await emulator.stop();
}
