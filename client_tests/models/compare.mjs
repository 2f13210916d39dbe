// Runs exported models in independent runtimes and compares their answers with the emulator's own.
//
//   node compare.mjs RUNTIME FOLDER     RUNTIME: onnx, tfjs, tflite; FOLDER: written by make_models
//
// Prints the largest difference of every model; ends with 1 above the tolerance, 77 if the runtime is not installed.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {readArchive} from './archive.mjs';

const TOLERANCE = 1e-4;
const HALF_TOLERANCE = 5e-3;  // weights and answers rounded to 11 bits

const [runtime, folder] = process.argv.slice(2);

async function loadRuntime() {
  try {
    return await import(`./runtime_${runtime}.mjs`);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.log(`skipped: ${error.message.split('\n')[0]}`);
    process.exit(77);
  }
}

function loadModel(path) {
  const model = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8'));
  model.inputs = model.pictures.map((_, i) => readFileSync(join(path, `${i}.rgb`)));
  return model;
}

const detections = model => model.pictures.some(answers => Array.isArray(answers[0]));

// The same boxes in the same order; boxes whose probabilities are equal within the tolerance may change places.
function boxDifference(expected, actual) {
  const near = 0.02;  // at the lower limit a box may appear on one side only
  const counted = list => list.filter(box => box[1] > near);
  let most = 0;
  const left = [...actual];
  for (const box of counted(expected)) {
    const distances = left.map(other => box[0] === other[0] ? Math.max(...box.map((v, k) => Math.abs(v - other[k]))) : Infinity);
    const best = distances.indexOf(Math.min(...distances));
    if (best < 0 || distances[best] === Infinity) return Infinity;
    most = Math.max(most, distances[best]);
    left.splice(best, 1);
  }
  return counted(left).length ? Infinity : most;
}

const rowDifference = (expected, actual) =>
  expected.length === actual.length ? Math.max(...expected.map((v, k) => Math.abs(v - actual[k]))) : Infinity;

const {formats, load} = await loadRuntime();
let failed = false;
for (const name of readdirSync(folder).sort()) {
  const model = loadModel(join(folder, name));
  for (const format of formats) {
    const path = join(folder, name, `${format}.zip`);
    if (!existsSync(path)) continue;
    const run = await load(readArchive(path), model, {format, detection: detections(model)});
    let most = 0;
    for (let i = 0; i < model.pictures.length; ++i) {
      const answer = await run(model.inputs[i], i);
      const difference = detections(model) ? boxDifference : rowDifference;
      most = Math.max(most, difference(model.pictures[i], answer));
    }
    const tolerance = format.includes('Float16') ? HALF_TOLERANCE : TOLERANCE;
    failed ||= !(most <= tolerance);
    console.log(`${most <= tolerance ? 'ok  ' : 'BAD '} ${runtime} ${name} ${format}: largest difference ${most.toExponential(1)}`);
  }
}
process.exit(failed ? 1 : 0);
