// TensorFlow Lite itself, compiled to WebAssembly (npm @tensorflow/tfjs-tflite). Its JavaScript wrapper wants a
// browser, so the module is called directly.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {channelsLast} from './pixels.mjs';
import {decodeYolo} from './yolo.mjs';

export const formats = ['TensorFlow.TensorFlowLite', 'TensorFlow.TensorFlowLiteFloat16', 'DockerFile.Linux'];

const require = createRequire(import.meta.url);

function findPackage() {
  try {
    return join(dirname(require.resolve('@tensorflow/tfjs-tflite/package.json')), 'wasm');
  } catch (error) {
    throw Object.assign(new Error('@tensorflow/tfjs-tflite is not installed'), {code: 'ERR_MODULE_NOT_FOUND'});
  }
}

const folder = findPackage();
const makeModule = require(join(folder, 'tflite_web_api_cc.js'));
const lite = await makeModule({wasmBinary: readFileSync(join(folder, 'tflite_web_api_cc.wasm'))});

function createRunner(bytes) {
  const place = lite._malloc(bytes.length);
  lite.HEAPU8.set(bytes, place);
  const options = {numThreads: 1, enableProfiling: false, maxProfilingBufferEntries: 1024};
  const result = lite.TFLiteWebModelRunner.CreateFromBufferAndOptions(place, bytes.length, options);
  if (!result.ok()) throw new Error(result.errorMessage());
  return result.value();
}

export async function load(files, model, {detection}) {
  const runner = createRunner(files.get('model.tflite') ?? files.get('app/model.tflite'));
  const input = runner.GetInputs().get(0), output = runner.GetOutputs().get(0);
  return async rgb => {
    input.data().set(channelsLast(rgb, model.bgr));
    if (!runner.Infer()) throw new Error('TensorFlow Lite could not run the model');
    const values = Float32Array.from(output.data());
    if (!detection) return Array.from(values);
    const [, side, , channels] = output.shape.split(',').map(Number);
    return decodeYolo((k, row, column) => values[(row * side + column) * channels + k], side, model.labels.length);
  };
}
