"""Ink drawn with a round pen: into a Pillow image, at any scale."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from model.ink.ink import Drawing


def draw_stroke(pen: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], width: float, ink: int) -> None:
    """Draw one stroke with round caps and round joints; a single point is a dot.

    Args:
        pen: draws into an image of mode ``L``.
        points: (x, y) in the image's pixels; points outside of it are cut off.
        width: the pen's diameter in pixels.
        ink: the grey level to draw with, 0 to 255.
    """
    radius = width / 2
    for x, y in points:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
    if len(points) > 1:
        pen.line(points, fill=ink, width=max(1, round(width)))


def render(drawing: Drawing, finer: int = 1) -> Image.Image:
    """Return a picture of the drawing, mode ``L``: black ink on white paper, as large as its frame in pixels.

    A frame of more than 2,000 pixels a side (ink in a tablet's own units can have one) is scaled down to that. What is
    drawn so many times ``finer`` first, and then reduced, has smooth edges; else there is only black and white.
    """
    frame = drawing.frame
    scale = min(1.0, 2000 / max(frame.width, frame.height))
    size = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    scale *= finer
    image = Image.new("L", (size[0] * finer, size[1] * finer), 255)
    pen = ImageDraw.Draw(image)
    for stroke in drawing.strokes:
        points = [((point.x - frame.left) * scale, (point.y - frame.top) * scale) for point in stroke.points]
        draw_stroke(pen, points, drawing.width * scale, ink=0)
    return image.reduce(finer)
