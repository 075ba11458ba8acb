"""Saving a drawing: as a picture or as ink, by the file's ending."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from model.errors import UserError
from model.ink import Drawing, write_line

ENDINGS = (".png", ".json")


def save(drawing: Drawing, path: Path) -> None:
    """Write the drawing to a .png or a .json file.

    Raises UserError when that cannot be done; what was in the file before is then still there.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UserError(f"A drawing is saved as a picture (.png) or as ink (.json); {path.name} ends in neither.")
    path = path.resolve()  # so that a link stays a link
    try:
        # Written beside it and put in its place whole, so that a full disk does not cost the older file.
        handle, name = tempfile.mkstemp(prefix=".inkling-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                if path.suffix.lower() == ".png":
                    from model.render import render  # noqa: PLC0415  (Pillow is not needed to open the window)

                    render(drawing).save(file, "PNG")
                else:
                    file.write(write_line(drawing).encode() + b"\n")
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)  # as any program's files; a temporary one is private
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink()
            raise
    except OSError as error:
        raise UserError(f"{path.name} cannot be written ({error.strerror}); choose another place.") from error
