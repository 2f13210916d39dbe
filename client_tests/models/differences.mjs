// How far two answers to the same picture lie apart. A classifier's is a list of probabilities, a detector's a list of
// boxes [label, probability, left, top, width, height].
export const TOLERANCE = 1e-4;
export const HALF_TOLERANCE = 5e-3;  // weights and answers rounded to 11 bits

const LIMIT = 0.02;  // at the lower limit a box may appear on one side only

const distance = (box, other) => box[0] === other[0] ? Math.max(...box.map((v, k) => Math.abs(v - other[k]))) : Infinity;

function nearest(box, others) {
  const distances = others.map(other => distance(box, other));
  const best = Math.min(...distances);
  return [best, distances.indexOf(best)];
}

// The same boxes; those whose probabilities are equal within the tolerance may change places.
export function boxDifference(expected, actual) {
  let most = 0;
  const left = [...actual];
  for (const box of [...expected].sort((a, b) => b[1] - a[1])) {
    const [difference, best] = nearest(box, left);
    if (box[1] > LIMIT) most = Math.max(most, difference);
    if (difference < LIMIT) left.splice(best, 1);
  }
  return left.some(box => box[1] > LIMIT) ? Infinity : most;
}

export const rowDifference = (expected, actual) =>
  expected.length === actual.length ? Math.max(...expected.map((v, k) => Math.abs(v - actual[k]))) : Infinity;

// Prints one line; true if the difference can be tolerated.
export function report(runtime, model, format, difference) {
  const good = difference <= (format.includes('Float16') ? HALF_TOLERANCE : TOLERANCE);
  console.log(`${good ? 'ok  ' : 'BAD '} ${runtime} ${model} ${format}: largest difference ${difference.toExponential(1)}`);
  return good;
}
