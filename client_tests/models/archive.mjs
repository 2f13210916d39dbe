// Reads the archives that the emulator writes: every entry is stored, none is compressed.
export function readArchive(bytes) {
  const files = new Map();
  let at = 0;
  while (bytes.readUInt32LE(at) === 0x04034b50) {
    if (bytes.readUInt16LE(at + 8) !== 0) throw new Error('the archive has a compressed entry');
    const size = bytes.readUInt32LE(at + 18);
    const nameLength = bytes.readUInt16LE(at + 26);
    const start = at + 30 + nameLength + bytes.readUInt16LE(at + 28);
    files.set(bytes.toString('utf8', at + 30, at + 30 + nameLength), bytes.subarray(start, start + size));
    at = start + size;
  }
  return files;
}
