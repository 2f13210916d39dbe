// Model inputs from rows of red, green, blue bytes.
export function channelsFirst(rgb, bgr) {
  const count = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (let i = 0; i < count; ++i) {
    for (let c = 0; c < 3; ++c) out[c * count + i] = rgb[i * 3 + (bgr ? 2 - c : c)];
  }
  return out;
}

export function channelsLast(rgb, bgr) {
  const out = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    for (let c = 0; c < 3; ++c) out[i + c] = rgb[i + (bgr ? 2 - c : c)];
  }
  return out;
}

// float16 bits, for whole numbers from 0 to 255 (all exact).
export function toHalf(values) {
  const bits = new Uint32Array(1), single = new Float32Array(bits.buffer);
  return Uint16Array.from(values, value => {
    single[0] = value;
    return value === 0 ? 0 : ((bits[0] >> 23) - 127 + 15) << 10 | bits[0] >> 13 & 0x3ff;
  });
}

export function fromHalf(bits) {
  return Float32Array.from(bits, h => {
    const exponent = h >> 10 & 31, fraction = h & 0x3ff;
    const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return h & 0x8000 ? -size : size;
  });
}
