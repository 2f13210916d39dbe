// Pictures made here: bitmaps with one coloured square or disc on a plain ground, at a place that a number decides.
function bitmap(side, colourAt) {
  const bytes = Buffer.alloc(54 + side * side * 3);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  [40, side, side].forEach((value, i) => bytes.writeUInt32LE(value, 14 + 4 * i));
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) bytes.set(colourAt(x, side - 1 - y), 54 + 3 * (y * side + x));
  }
  return bytes;
}

const inside = {
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 1,
  disc: (x, y) => x * x + y * y < 1,
};
const colours = { square: [40, 40, 220], disc: [220, 90, 30] };

// A picture of the kind, and where in it the thing is. The number decides it all but the size.
export function scene(kind, number, side = 64) {
  const radius = (10 + (number % 5)) / 64, ground = 150 + 4 * (number % 20);
  const place = (step) => (((number * step) % 32) / 32) * (1 - 2 * radius);
  const box = { left: place(7), top: place(13), width: 2 * radius, height: 2 * radius };
  const bytes = bitmap(side, (x, y) => {
    const [dx, dy] = [(x + 0.5) / side - box.left - radius, (y + 0.5) / side - box.top - radius];
    return inside[kind](dx / radius, dy / radius) ? colours[kind] : [ground, ground, ground];
  });
  return { bytes, box };
}

export const scenes = (kind, count, from = 0) => Array.from({ length: count }, (_, i) => scene(kind, from + i));
