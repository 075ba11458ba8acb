"""Saves the open drawing by the file's ending: as a picture, as lines that print sharply, or as ink."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.drawing.picture import Picture
from model.base.errors import UserError
from model.base.files import replaced
from model.base.language import _
from model.ink.ink import Drawing, Point, write_line
from model.ink.render import render

ENDINGS = (".png", ".svg", ".inkling", ".json")
FINER = 4  # times, as a picture is drawn before it's reduced: its edges are smooth then
DPI = 96  # pixels in an inch: a print is as large as what is on most screens


def save(subject: Drawing | Picture, path: Path) -> None:
    """Write a drawing to a .png, .svg, .inkling or .json file, black on white whatever the look; a picture to a .png.

    Raises UserError when that can't be done; what was in the file before is then still there.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        sentence = _(
            "{name} has an ending that Inkling can't save. Use .png for a picture, .svg for lines, or "
            ".inkling or .json for ink."
        )
        raise UserError(sentence, name=path.name)
    if isinstance(subject, Picture) and ending != ".png":
        raise UserError(_("A picture has no ink to save. Give {name} the ending .png."), name=path.name)
    try:
        with replaced(path) as file:
            if isinstance(subject, Picture):
                subject.image.save(file, "PNG")
            elif ending == ".png":
                render(subject, FINER).save(file, "PNG", dpi=(DPI, DPI))
            else:
                file.write((svg(subject) if ending == ".svg" else write_line(subject) + "\n").encode())
    except OSError as error:
        sentence = _("{name} can't be written ({reason}); choose another place.")
        raise UserError(sentence, name=path.name, reason=error.strerror) from error


def svg(drawing: Drawing) -> str:
    """Return a drawing as SVG 1.1, as large as its frame: a path with round ends and joints for each stroke."""
    frame = drawing.frame
    left, top, width, height = (f"{side:.10g}" for side in (frame.left, frame.top, frame.width, frame.height))
    paths = "".join(f'    <path d="{_path(stroke.points)}"/>\n' for stroke in drawing.strokes if stroke.points)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{width}" height="{height}" '
        f'viewBox="{left} {top} {width} {height}">\n'
        f'  <rect x="{left}" y="{top}" width="{width}" height="{height}" fill="white"/>\n'
        f'  <g fill="none" stroke="black" stroke-width="{drawing.width:.10g}" stroke-linecap="round" '
        f'stroke-linejoin="round">\n{paths}  </g>\n</svg>\n'
    )


def _path(points: Sequence[Point]) -> str:
    """Return a stroke in SVG's words; a dot is a line to where it began, which has round ends too."""
    places = [f"{point.x:.10g} {point.y:.10g}" for point in points]
    return f"M{places[0]} L{' '.join(places[1:] or places)}"
