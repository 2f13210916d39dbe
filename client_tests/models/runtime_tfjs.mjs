// TensorFlow.js (npm @tensorflow/tfjs).
import * as tf from '@tensorflow/tfjs';
import {channelsLast} from './pixels.mjs';

export const formats = ['TensorFlow.TensorFlowJs'];

function toArrayBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

function readBoxes(graph, outputs) {
  const named = Object.fromEntries(graph.outputs.map((tensor, i) => [tensor.name.replace(':0', ''), outputs[i].dataSync()]));
  return Array.from(named.detected_scores, (score, i) => {
    const [left, top, right, bottom] = named.detected_boxes.slice(i * 4, i * 4 + 4);
    return [named.detected_classes[i], score, left, top, right - left, bottom - top];
  });
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
    const bgr = model.bgr && !detection;  // decoded detectors take red first
    const input = tf.tensor4d(channelsLast(rgb, bgr), [1, model.side, model.side, 3]);
    const output = await graph.executeAsync(input, graph.outputs.map(tensor => tensor.name));
    const answer = detection ? readBoxes(graph, output) : Array.from(output.dataSync());
    tf.dispose([input, output]);
    return answer;
  };
}
