"""Bitmaps of 64 by 64 with one coloured square or disc on a plain ground, at a place that the number decides."""
import struct

SIDE = 64
COLOURS = {"square": bytes((40, 40, 220)), "disc": bytes((220, 90, 30))}
INSIDE = {"square": lambda x, y: max(abs(x), abs(y)) < 1, "disc": lambda x, y: x * x + y * y < 1}


def scene(kind: str, number: int) -> "tuple[bytes, dict]":
    """A picture of the kind, and where in it the thing is."""
    radius = 10 + number % 5
    ground = bytes([150 + 4 * (number % 20)] * 3)
    left, top = (number * 7) % (SIDE - 2 * radius), (number * 13) % (SIDE - 2 * radius)

    def colour(x: int, y: int) -> bytes:
        inside = INSIDE[kind]((x + 0.5 - left - radius) / radius, (y + 0.5 - top - radius) / radius)
        return COLOURS[kind] if inside else ground

    pixels = b"".join(colour(x, SIDE - 1 - y) for y in range(SIDE) for x in range(SIDE))
    header = struct.pack("<2sIII", b"BM", 54 + len(pixels), 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, 24, 0, len(pixels), 0, 0, 0, 0)
    size = 2 * radius / SIDE
    return header + pixels, {"left": left / SIDE, "top": top / SIDE, "width": size, "height": size}
