// TensorFlow.js (npm @tensorflow/tfjs).
import * as tf from '@tensorflow/tfjs';
import {channelsLast} from './pixels.mjs';
import {decodeYolo} from './yolo.mjs';

export const formats = ['TensorFlow.TensorFlowJs'];

function toArrayBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

export async function load(files, model, {detection}) {
  await tf.setBackend('cpu');
  const json = JSON.parse(files.get('model.json').toString());
  const graph = await tf.loadGraphModel(tf.io.fromMemory({
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest[0].weights,
    weightData: toArrayBuffer(files.get('weights.bin')),
  }));
  return async rgb => {
    const input = tf.tensor4d(channelsLast(rgb, model.bgr), [1, model.side, model.side, 3]);
    const output = graph.predict(input);
    const [, side, , channels] = output.shape;
    const values = output.dataSync();
    tf.dispose([input, output]);
    if (!detection) return Array.from(values);
    return decodeYolo((k, row, column) => values[(row * side + column) * channels + k], side, model.labels.length);
  };
}
