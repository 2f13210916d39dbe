// The public way to read the cells of a YOLO head: anchors in cells, softmax over the classes, suppression.
const ANCHORS = [[0.573, 0.677], [1.87, 2.06], [3.34, 5.47], [7.88, 3.53], [9.77, 9.17]];

const logistic = x => 1 / (1 + Math.exp(-x));

export function overlap(a, b) {
  const w = Math.min(a[2] + a[4], b[2] + b[4]) - Math.max(a[2], b[2]);
  const h = Math.min(a[3] + a[5], b[3] + b[5]) - Math.max(a[3], b[3]);
  if (w <= 0 || h <= 0) return 0;
  return w * h / (a[4] * a[5] + b[4] * b[5] - w * h);
}

// value(channel, row, column) of the head; place(t) turns tx and ty into a part of a cell.
// Answers rows of [label, probability, left, top, width, height], best first.
export function decodeYolo(value, side, labels, place = t => t) {
  const found = [];
  for (let anchor = 0; anchor < ANCHORS.length; ++anchor) {
    const first = anchor * (5 + labels);
    for (let row = 0; row < side; ++row) {
      for (let column = 0; column < side; ++column) {
        const at = k => value(first + k, row, column);
        const scores = Array.from({length: labels}, (_, k) => at(5 + k));
        const top = Math.max(...scores);
        const sum = scores.reduce((s, x) => s + Math.exp(x - top), 0);
        const probability = logistic(at(4)) / sum;
        if (probability < 0.01) continue;
        const w = Math.exp(at(2)) * ANCHORS[anchor][0] / side, h = Math.exp(at(3)) * ANCHORS[anchor][1] / side;
        const x = (place(at(0)) + column) / side, y = (place(at(1)) + row) / side;
        found.push([scores.indexOf(top), probability, x - w / 2, y - h / 2, w, h]);
      }
    }
  }
  found.sort((a, b) => b[1] - a[1]);
  const kept = [];
  for (const box of found) {
    if (kept.length < 64 && kept.every(other => overlap(box, other) <= 0.45)) kept.push(box);
  }
  return kept;
}
