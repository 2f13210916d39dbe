#!/usr/bin/env python3
"""Writes the inputs below corpus/ that are no text: make_corpus.py [--check]. With --check only says what differs."""
import pathlib
import struct
import sys
import zlib

CORPUS = pathlib.Path(__file__).parent / "corpus"
SIDE = 8


# --- images -----------------------------------------------------------------------------------------------------------


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(color_type: int, depth: int, interlace: int = 0) -> bytes:
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color_type]
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    rows = b""
    for x, y, step_x, step_y in passes if interlace else [(0, 0, 1, 1)]:
        columns = len(range(x, SIDE, step_x))
        row = bytes([0]) + bytes(range(1, (columns * samples * depth + 7) // 8 + 1))
        rows += row * len(range(y, SIDE, step_y))
    palette = png_chunk(b"PLTE", bytes(range(48))) if color_type == 3 else b""
    head = struct.pack(">IIBBBBB", SIDE, SIDE, depth, color_type, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + palette + png_chunk(b"IDAT", zlib.compress(rows, 9))
            + png_chunk(b"IEND", b""))


def gif(interlace: bool) -> bytes:
    # Four colours; LZW of codes of three bits, cleared before each pixel, so that they stay three bits long.
    bits = "".join(f"{code:03b}"[::-1] for pixel in range(SIDE * SIDE) for code in (4, pixel % 4)) + "101"
    packed = bytes(int(bits[at:at + 8][::-1], 2) for at in range(0, len(bits), 8))
    frame = struct.pack("<BHHHHB", 0x2C, 0, 0, SIDE, SIDE, 0x40 if interlace else 0)
    control = b"\x21\xf9\x04\x01\x00\x00\x01\x00"
    return (b"GIF89a" + struct.pack("<HHBBB", SIDE, SIDE, 0x91, 0, 0) + bytes(range(12)) + control + frame + b"\x02"
            + bytes([len(packed)]) + packed + b"\x00;")


def bmp(bits: int, compression: int, data: bytes, height: int = SIDE, masks: bytes = b"") -> bytes:
    palette = bytes(range(4)) * (1 << bits) if bits <= 8 else b""
    head = struct.pack("<IiiHHIIiiII", 40, SIDE, height, 1, bits, compression, len(data), 0, 0, 0, 0)
    start = 14 + len(head) + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + masks + palette + data


def jpeg_segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(components: int, progressive: bool = False, more: bytes = b"") -> bytes:
    # One block for each component, without anything but a first coefficient of zero: two bits of zero.
    ids = range(1, components + 1)
    frame = struct.pack(">BHHB", 8, SIDE, SIDE, components) + b"".join(bytes([i, 0x11, 0]) for i in ids)
    tables = b"".join(jpeg_segment(0xC4, bytes([kind, 1]) + bytes(16)) for kind in (0x00, 0x10))
    out = b"\xff\xd8" + more + jpeg_segment(0xDB, bytes([0]) + bytes([1]) * 64)
    out += jpeg_segment(0xC2 if progressive else 0xC0, frame) + tables

    def scan(members: list[int], spectrum: bytes, bits: int) -> bytes:
        head = bytes([len(members)]) + b"".join(bytes([i, 0]) for i in members) + spectrum
        data = int("0" * bits + "1" * (-bits % 8), 2).to_bytes((bits + 7) // 8, "big")
        return jpeg_segment(0xDA, head) + data

    if not progressive:
        return out + scan(list(ids), bytes([0, 63, 0]), 2 * components) + b"\xff\xd9"
    scans = [scan(list(ids), bytes([0, 0, 0]), components)] + [scan([i], bytes([1, 63, 0]), 1) for i in ids]
    return out + b"".join(scans) + b"\xff\xd9"


def exif(orientation: int) -> bytes:
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return jpeg_segment(0xE1, b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4))


def images() -> dict[str, bytes]:
    adobe = jpeg_segment(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, 2))
    rows = {1: 4, 4: 4, 8: 8, 16: 16, 24: 24, 32: 32}
    files = {f"png-{kind}-{depth}": png(kind, depth) for kind, depth in
             ((0, 1), (0, 8), (0, 16), (2, 8), (3, 4), (4, 8), (6, 8), (6, 16))}
    files |= {"png-interlaced": png(2, 8, 1), "gif": gif(False), "gif-interlaced": gif(True)}
    files |= {f"bmp-{bits}": bmp(bits, 0, bytes(range(row)) * SIDE) for bits, row in rows.items()}
    files |= {"bmp-top-down": bmp(24, 0, bytes(24) * SIDE, -SIDE),
              "bmp-runs-8": bmp(8, 1, b"\x08\x01\x00\x00\x00\x03\x01\x02\x03\x00\x00\x02\x01\x01\x04\x07\x00\x01"),
              "bmp-runs-4": bmp(4, 2, b"\x08\x12\x00\x00\x00\x03\x12\x30\x00\x02\x01\x01\x04\x45\x00\x01"),
              "bmp-fields": bmp(16, 3, bytes(16) * SIDE, SIDE, struct.pack("<III", 0xF800, 0x7E0, 0x1F))}
    files |= {"jpeg-grey": jpeg(1), "jpeg-colour": jpeg(3), "jpeg-inks": jpeg(4, more=adobe),
              "jpeg-progressive": jpeg(3, True), "jpeg-turned": jpeg(3, more=exif(6))}
    return files


# --- framed bodies ----------------------------------------------------------------------------------------------------


def crc64(data: bytes) -> bytes:
    value = (1 << 64) - 1
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x9A6C9329AC4BC9B5 if value & 1 else 0)
    return struct.pack("<Q", value ^ (1 << 64) - 1)


def framed(segments: list[bytes]) -> bytes:
    whole = b"".join(segments)
    out = b"".join(struct.pack("<HQ", number, len(data)) + data + crc64(data)
                   for number, data in enumerate(segments, 1))
    out += crc64(whole)
    return struct.pack("<BQHH", 1, 13 + len(out), 1, len(segments)) + out


def structured_bodies() -> dict[str, bytes]:
    return {"one": b"\x05" + framed([b"some bytes"]), "empty": b"\x00" + framed([b""]),
            "three": b"\x40" + framed([b"a" * 100, b"", b"the last"]), "damaged": b"\x03" + framed([b"x"])[:-1] + b"?",
            "plain": b"\x02no frame at all"}


# --- changes of an archive --------------------------------------------------------------------------------------------


def change(place: int, data: bytes) -> bytes:
    return struct.pack(">IB", place, len(data)) + data


def archives() -> dict[str, bytes]:
    return {"unchanged": b"", "no-database": change(0, b"nothing"), "page-size": change(16, b"\x02\x00"),
            "schema-version": change(60, struct.pack(">I", 99)), "first-page": change(100, b"\x00" * 32),
            "text": change(9000, b"\x00\x01\x02") + change(20000, b"\xff" * 8)}


def main() -> int:
    check = "--check" in sys.argv[1:]
    made = {"images": images(), "structured_body": structured_bodies(), "archive": archives()}
    made["connection"] = {"line-ends": b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       b"5;name=value\r\nhello\r\n0\r\nTrailer: 1\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"}
    made["multipart"] = {"line-ends": b'multipart/form-data; boundary="b b"\n--b b\r\nContent-Disposition: form-data; '
                                      b'name="x"; filename=y\r\n\r\n\x00\xff\r\n--b b--\r\n'}
    differing = 0
    for target, files in made.items():
        for name, data in files.items():
            file = CORPUS / target / name
            if file.is_file() and file.read_bytes() == data:
                continue
            differing += 1
            print(f"{target}/{name}")
            if not check:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
