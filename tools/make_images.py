#!/usr/bin/python3
"""Draws fixtures/images: two classes of simple shapes, in every format the service takes. Needs Pillow (python3-pil).

The same run gives the same pictures, so the files change only if this script does.
"""
import pathlib
import random

from PIL import Image, ImageDraw

FOLDER = pathlib.Path(__file__).parent.parent / "fixtures" / "images"
SUFFIXES = ("png", "png", "png", "png", "jpg", "jpg", "gif", "bmp")
SIDE = 256  # the service enlarges what is smaller


def colour(dice: random.Random, low: int, high: int) -> tuple[int, int, int]:
    return tuple(dice.randint(low, high) for _ in range(3))


def draw(shape: str, dice: random.Random) -> Image.Image:
    picture = Image.new("RGB", (SIDE, SIDE), colour(dice, 180, 255))
    size = dice.randint(90, 180)
    left, top = dice.randint(10, SIDE - size - 10), dice.randint(10, SIDE - size - 10)
    pen = ImageDraw.Draw(picture)
    outline = pen.ellipse if shape == "circle" else pen.rectangle
    outline((left, top, left + size, top + size), fill=colour(dice, 0, 120))
    return picture


def save(picture: Image.Image, file: pathlib.Path) -> None:
    if file.suffix in (".gif", ".bmp", ".png"):
        picture = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    picture.save(file, **({"quality": 85} if file.suffix == ".jpg" else {}))


def main() -> None:
    dice = random.Random(1)
    for shape in ("circle", "square"):
        (FOLDER / shape).mkdir(parents=True, exist_ok=True)
        for number, suffix in enumerate(SUFFIXES, 1):
            save(draw(shape, dice), FOLDER / shape / f"{shape}-{number}.{suffix}")


if __name__ == "__main__":
    main()
