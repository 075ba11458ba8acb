"""A drawing as a picture, drawn with a round pen."""

from __future__ import annotations

from PIL import Image, ImageDraw

from model.ink.ink import Drawing


def render(drawing: Drawing, finer: int = 1) -> Image.Image:
    """Return a picture of the drawing, mode ``L``: black ink on white paper, as large as its frame in pixels.

    A frame of more than 2,000 pixels a side (ink in a tablet's own units can have one) is scaled down to that. Edges
    are smooth if it's drawn so many times ``finer`` first and then reduced; otherwise it's only black and white.
    """
    frame = drawing.frame
    scale = min(1.0, 2000 / max(frame.width, frame.height))
    size = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    scale *= finer
    image = Image.new("L", (size[0] * finer, size[1] * finer), 255)
    pen, width = ImageDraw.Draw(image), drawing.width * scale
    for stroke in drawing.strokes:
        points = [((point.x - frame.left) * scale, (point.y - frame.top) * scale) for point in stroke.points]
        for x, y in points:  # round ends and joints; a single point is a dot
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=0)
        if len(points) > 1:
            pen.line(points, fill=0, width=max(1, round(width)))
    return image.reduce(finer)
