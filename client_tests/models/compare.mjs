// Runs exported models in independent runtimes and compares their answers with the emulator's own.
//
//   node compare.mjs RUNTIME FOLDER     RUNTIME: onnx, tfjs, tflite; FOLDER: written by make_models
//
// Prints the largest difference of every model; ends with 1 above the tolerance, 77 if the runtime is not installed.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {readArchive} from './archive.mjs';
import {boxDifference, report, rowDifference} from './differences.mjs';
import {importRuntime} from './runtimes.mjs';

const [runtime, folder] = process.argv.slice(2);

function loadModel(path) {
  const model = JSON.parse(readFileSync(join(path, 'model.json'), 'utf8'));
  model.inputs = model.pictures.map((_, i) => readFileSync(join(path, `${i}.rgb`)));
  return model;
}

const detections = model => model.pictures.some(answers => Array.isArray(answers[0]));

const imported = await importRuntime(runtime);
if (!imported) process.exit(77);
const {formats, load} = imported;
let failed = false;
for (const name of readdirSync(folder).sort()) {
  const model = loadModel(join(folder, name));
  for (const format of formats) {
    const path = join(folder, name, `${format}.zip`);
    if (!existsSync(path)) continue;
    const run = await load(readArchive(readFileSync(path)), model, {format, detection: detections(model)});
    let most = 0;
    for (let i = 0; i < model.pictures.length; ++i) {
      const answer = await run(model.inputs[i], i);
      const difference = detections(model) ? boxDifference : rowDifference;
      most = Math.max(most, difference(model.pictures[i], answer));
    }
    failed = !report(runtime, name, format, most) || failed;
  }
}
process.exit(failed ? 1 : 0);
