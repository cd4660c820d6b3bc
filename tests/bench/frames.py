"""What a scanner's camera makes of a QR code: frames in grey, each spoilt in one way or several.

All chance comes from the generator that is handed in, so that a run can be repeated.
"""

import math
from collections.abc import Callable, Sequence
from random import Random
from statistics import NormalDist
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

FRAME = 360
"""The frame's width and height in pixels."""
FINER = 3
"""How many times finer the light falls than the camera's pixels are."""
DISTANCE = 3.0
"""From the camera to the code, in widths of the code."""
BEHIND = 190
"""The grey around the code."""

Matrix = Sequence[Sequence[float]]


class Pose(NamedTuple):
    """How the code lies before the camera: its width in pixels with its quiet zone, and angles."""

    width: float
    tilt: float = 0.0
    turn: float = 0.0


def shoot(code: Image.Image, pose: Pose, chance: Random) -> Image.Image:
    """The code as it falls on the camera's pixels, not quite in the middle."""
    size = FRAME * FINER
    shift = [size / 2 + FINER * chance.uniform(-4, 4) for _ in range(2)]
    flat = code.convert("L")
    seen = _product(
        _moved(flat.width / 2, flat.height / 2),
        _scaled(flat.width / (pose.width * FINER)),
        _turned(math.radians(pose.turn)),
        _tilted(math.radians(pose.tilt), DISTANCE * pose.width * FINER),
        _moved(-shift[0], -shift[1]),
    )
    scale = seen[2][2]
    data = [value / scale for line in seen for value in line][:8]
    how = Image.Transform.PERSPECTIVE
    fine = flat.transform((size, size), how, data, Image.Resampling.BILINEAR, fillcolor=BEHIND)
    return fine.reduce(FINER)


def blurred(frame: Image.Image, radius: float) -> Image.Image:
    """Out of focus."""
    return frame.filter(ImageFilter.GaussianBlur(radius))


def noisy(frame: Image.Image, sigma: float, chance: Random) -> Image.Image:
    """With the grain of little light: normal, with this deviation in grey levels of 255."""
    normal = NormalDist(128, sigma)
    levels = [round(min(255, max(0, normal.inv_cdf((byte + 0.5) / 256)))) for byte in range(256)]
    grain = Image.frombytes("L", frame.size, chance.randbytes(frame.width * frame.height))
    return ImageChops.add(frame, grain.point(levels), 1, -128)


def glared(frame: Image.Image, share: float, width: float, chance: Random) -> Image.Image:
    """With a round white reflection on this share of the code's area, somewhere on it."""
    radius = width * math.sqrt(share / math.pi)
    room = width / 2 - radius
    x, y = (FRAME / 2 + chance.uniform(-room, room) for _ in range(2))
    light = Image.new("L", frame.size)
    ImageDraw.Draw(light).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return ImageChops.lighter(frame, light.filter(ImageFilter.GaussianBlur(2)))


def dimmed(frame: Image.Image, low: int, high: int) -> Image.Image:
    """With less contrast: black is `low`, white is `high`."""
    return frame.point([low + (high - low) * level // 255 for level in range(256)])


Condition = Callable[[Image.Image, Random], Image.Image]
"""Makes a frame of a code's picture, by the chance that it is given."""


def _lying(pose: Pose) -> Condition:
    return lambda code, chance: shoot(code, pose, chance)


def _blurred(radius: float) -> Condition:
    return lambda code, chance: blurred(shoot(code, NEAR, chance), radius)


def _noisy(sigma: float) -> Condition:
    return lambda code, chance: noisy(shoot(code, NEAR, chance), sigma, chance)


def _glared(share: float) -> Condition:
    return lambda code, chance: glared(shoot(code, NEAR, chance), share, NEAR.width, chance)


def _by_phone(pose: Pose) -> Condition:
    def make(code: Image.Image, chance: Random) -> Image.Image:
        return noisy(dimmed(blurred(shoot(code, pose, chance), 1.0), 45, 165), 12, chance)

    return make


NEAR = Pose(260)
CONDITIONS: dict[str, Condition] = {
    "clean, 260 px wide": _lying(NEAR),
    **{f"small, {width} px wide": _lying(Pose(width)) for width in (100, 90, 80, 70)},
    **{f"blur, radius {radius} px": _blurred(radius) for radius in (1.6, 2.0, 2.4)},
    **{f"noise, deviation {sigma} of 255": _noisy(sigma) for sigma in (40, 55, 70)},
    **{f"glare on {share} %": _glared(share / 100) for share in (4, 7, 10)},
    **{f"perspective, tilted by {angle}°": _lying(Pose(260, angle, 8)) for angle in (50, 60, 70)},
    **{
        f"all at once, {width} px wide, 22°": _by_phone(Pose(width, 22, 17)) for width in (220, 190)
    },
}
"""By name. The last ones: blur of 1 px, noise of 12, and half the contrast."""


def _product(*matrices: Matrix) -> Matrix:
    product, *rest = matrices
    for matrix in rest:
        columns = list(zip(*matrix, strict=True))
        product = [[_dot(line, column) for column in columns] for line in product]
    return product


def _dot(line: Sequence[float], column: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(line, column, strict=True))


def _moved(x: float, y: float) -> Matrix:
    return (1.0, 0.0, x), (0.0, 1.0, y), (0.0, 0.0, 1.0)


def _scaled(by: float) -> Matrix:
    return (by, 0.0, 0.0), (0.0, by, 0.0), (0.0, 0.0, 1.0)


def _turned(angle: float) -> Matrix:
    cos, sin = math.cos(angle), math.sin(angle)
    return (cos, -sin, 0.0), (sin, cos, 0.0), (0.0, 0.0, 1.0)


def _tilted(angle: float, distance: float) -> Matrix:
    """From the picture back to the plane, for a plane turned around its upright middle line."""
    cos, sin = math.cos(angle), math.sin(angle)
    return (1.0, 0.0, 0.0), (0.0, cos, 0.0), (-sin / distance, 0.0, cos)
