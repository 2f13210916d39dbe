// ONNX Runtime (npm onnxruntime-node).
import ort from 'onnxruntime-node';
import {channelsFirst, fromHalf, toHalf} from './pixels.mjs';
import {decodeYolo} from './yolo.mjs';

export const formats = ['ONNX', 'ONNX.ONNXFloat16'];

const field = (number, bytes) => {
  const length = [];
  for (let rest = bytes.length; ; rest >>= 7) {
    length.push(rest > 127 ? rest & 127 | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([number << 3 | 2, ...length]), bytes]);
};

// The JavaScript binding cannot read `loss`, a sequence of maps. Protocol buffers join repeated messages: appended
// to the file, this makes the probabilities behind `loss` an output, too.
function withProbabilities(model) {
  const type = field(2, field(1, Buffer.from([1 << 3, 1])));  // tensor of float
  return Buffer.concat([model, field(7, field(12, Buffer.concat([field(1, Buffer.from('loss1')), type])))]);
}

const numbers = tensor => tensor.type === 'float16' ? fromHalf(new Uint16Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.length)) : tensor.data;

function readBoxes(result) {
  const boxes = numbers(result.detected_boxes), scores = numbers(result.detected_scores);
  return Array.from(scores, (score, i) => {
    const [left, top, right, bottom] = boxes.slice(i * 4, i * 4 + 4);
    return [Number(result.detected_classes.data[i]), score, left, top, right - left, bottom - top];
  });
}

function readCells(tensor, labels) {
  const side = tensor.dims[2], cells = numbers(tensor);
  return decodeYolo((channel, row, column) => cells[(channel * side + row) * side + column], side, labels);
}

export async function load(files, model, {format, detection}) {
  const zipMap = model.bgr && !detection;
  const bytes = files.get('model.onnx');
  const session = await ort.InferenceSession.create(zipMap ? withProbabilities(bytes) : bytes);
  const half = format.endsWith('Float16');
  return async rgb => {
    const data = channelsFirst(rgb, model.bgr);
    const tensor = new ort.Tensor(half ? 'float16' : 'float32', half ? toHalf(data) : data, [1, 3, model.side, model.side]);
    const result = await session.run({[session.inputNames[0]]: tensor}, zipMap ? ['loss1', 'classLabel'] : session.outputNames);
    if (detection) return model.bgr ? readCells(result.model_outputs0, model.labels.length) : readBoxes(result);
    const probabilities = Array.from(numbers(result[zipMap ? 'loss1' : 'model_output']));
    if (zipMap) {
      const best = model.labels[probabilities.indexOf(Math.max(...probabilities))];
      if (result.classLabel.data[0] !== best) throw new Error(`classLabel is ${result.classLabel.data[0]}, not ${best}`);
    }
    return probabilities;
  };
}
