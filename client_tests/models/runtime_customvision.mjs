// Microsoft's own library for these models (npm @microsoft/customvision-tfjs), which brings its TensorFlow.js along.
import {createRequire} from 'node:module';
import {channelsLast} from './pixels.mjs';

export const formats = ['TensorFlow.TensorFlowJs'];

const require = createRequire(import.meta.url);

function loadPackages() {
  try {
    const library = require.resolve('@microsoft/customvision-tfjs');
    return [require(library), createRequire(library)('@tensorflow/tfjs')];
  } catch (error) {
    throw Object.assign(new Error('@microsoft/customvision-tfjs is not installed'), {code: 'ERR_MODULE_NOT_FOUND'});
  }
}

const [library, tf] = loadPackages();

function handler(files) {
  const json = JSON.parse(files.get('model.json').toString()), weights = files.get('weights.bin');
  return {
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length),
      userDefinedMetadata: json.userDefinedMetadata,
    }),
  };
}

export async function load(files, model, {detection}) {
  await tf.setBackend('cpu');
  const client = detection ? new library.ObjectDetectionModel() : new library.ClassificationModel();
  await client.loadModelAsync(handler(files));
  if (client.input_size !== model.side) throw new Error(`the library takes the input side as ${client.input_size}`);
  if (!detection && Boolean(client.is_rgb_input) === model.bgr) throw new Error('the library mistakes the order of colours');
  return async rgb => {
    const input = tf.tensor4d(channelsLast(rgb, !client.is_rgb_input), [1, model.side, model.side, 3]);
    const answer = await client.executeAsync(input);
    if (!detection) return answer[0];
    const [boxes, scores, classes] = answer;
    return scores.map((score, i) => {
      const [left, top, right, bottom] = boxes[i];
      return [classes[i], score, left, top, right - left, bottom - top];
    });
  };
}
