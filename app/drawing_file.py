"""Saving a drawing: as a picture or as ink, by the file's ending."""

from __future__ import annotations

from pathlib import Path

from app.whole_file import replaced
from model.errors import UserError
from model.ink import Drawing, write_line

ENDINGS = (".png", ".json")


def save(drawing: Drawing, path: Path) -> None:
    """Write the drawing to a .png or a .json file.

    Raises UserError when that cannot be done; what was in the file before is then still there.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UserError(f"A drawing is saved as a picture (.png) or as ink (.json); {path.name} ends in neither.")
    try:
        with replaced(path) as file:
            if path.suffix.lower() == ".png":
                from model.render import render  # noqa: PLC0415  (Pillow is not needed to open the window)

                render(drawing).save(file, "PNG")
            else:
                file.write(write_line(drawing).encode() + b"\n")
    except OSError as error:
        raise UserError(f"{path.name} cannot be written ({error.strerror}); choose another place.") from error
