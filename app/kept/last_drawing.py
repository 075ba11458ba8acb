"""The open drawing, kept from one start to the next, even if the program is killed. No toolkit.

Each open window has its own file, which it locks: a second window doesn't overwrite the first one's drawing.
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import threading
from dataclasses import replace
from pathlib import Path

from model.base.files import file_lock, make_folder, remove_unfinished, replaced, set_aside
from model.ink.document import read_document
from model.ink.ink import MOST_INK_BYTES, Drawing, InkError, Stroke

MOST_WINDOWS = 9  # that keep their drawings; any others do without
CLOSING_PATIENCE = 5  # seconds to wait for a slow disk when closing

log = logging.getLogger(__name__)


class LastDrawing:
    """The file of one window's open drawing; errors are logged, and the window works without it."""

    def __init__(self, path: Path):
        self._first = path  # of the first window; the others' are next to it
        self._path: Path | None = None  # of this window; None until it has one, or if it can't get one
        self._held = contextlib.ExitStack()  # its lock
        self._kept = Drawing()  # what is in the file, or on its way there
        self._waiting: queue.SimpleQueue[Drawing | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._texts: dict[int, tuple[Stroke, str]] = {}  # a stroke's id -> it and its JSON; only the writer uses it

    def take(self) -> Drawing:
        """Take a file that no open window has, and return the last drawing of a closed window; a blank one if none.

        Older drawings from closed windows are removed, so that they don't come back later.
        """
        try:
            make_folder(self._first.parent)
            with contextlib.ExitStack() as others:
                free: list[Path] = []  # the first of them becomes this window's own
                for number in range(1, MOST_WINDOWS + 1):
                    path = self._first if number == 1 else self._first.with_stem(f"{self._first.stem}-{number}")
                    if not free or path.exists():
                        with contextlib.suppress(TimeoutError):  # an open window has it
                            lock = file_lock(path.with_name(f".{path.name}.lock"), 0)
                            (others if free else self._held).enter_context(lock)
                            free.append(path)
                if not free:
                    return Drawing()
                self._path = free[0]
                kept = [path for path in free if path.is_file()]
                if kept:
                    max(kept, key=lambda path: path.stat().st_mtime_ns).replace(self._path)
                for path in free[1:]:
                    path.unlink(missing_ok=True)
                remove_unfinished(self._first.parent)
            self._kept = read_last(self._path)
        except (OSError, RuntimeError):  # RuntimeError: the user has no home at all
            log.warning("the last drawing cannot be kept", exc_info=True)
            self._path = None
        return self._kept

    def keep(self, drawing: Drawing) -> None:
        """Save the drawing, without waiting for the disk."""
        if self._path is None or drawing is self._kept or (drawing.is_blank and self._kept.is_blank):
            return
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_all, daemon=True)
            self._writer.start()
        self._kept = drawing
        self._waiting.put(drawing)

    def close(self) -> None:
        """Wait until the drawing is on the disk, and leave the file to the next window."""
        if self._writer is not None:
            self._waiting.put(None)
            self._writer.join(CLOSING_PATIENCE)
            self._writer = None
        self._held.close()
        self._path = None

    def _write_all(self) -> None:
        """Write the drawings as they come; only the newest if the disk is slower than the pen."""
        path, drawing = self._path, self._waiting.get()
        assert path
        while drawing is not None:
            later = None
            with contextlib.suppress(queue.Empty):
                while later := self._waiting.get_nowait():
                    drawing = later
                self._waiting.put(None)  # the end was among them
            try:
                with replaced(path, private=True) as file:
                    file.write(self._encoded(drawing))
            except OSError as error:
                log.warning("the last drawing cannot be kept: %s", error)
            drawing = self._waiting.get()

    def _encoded(self, drawing: Drawing) -> bytes:
        """Return the drawing as `model.ink.ink.write_line` does; a stroke is encoded once, so long ones are cheap."""
        known, self._texts, texts = self._texts, {}, []
        for stroke in drawing.strokes:
            same, text = known.get(id(stroke), (None, ""))
            if same is not stroke:
                text = json.dumps(Drawing(strokes=(stroke,)).to_json()["strokes"][0], separators=(",", ":"))
            self._texts[id(stroke)] = stroke, text
            texts.append(text)
        rest = replace(drawing, strokes=()).to_json()
        del rest["strokes"]
        head = json.dumps(rest, separators=(",", ":")).removesuffix("}")  # never empty: the pen always has a width
        return f'{head},"strokes":[{",".join(texts)}]}}\n'.encode()


def read_last(path: Path) -> Drawing:
    """Return the drawing in a file, a blank one if there's no file; a damaged file is set aside."""
    try:
        with path.open("rb") as file:
            (found,) = read_document(file.read(MOST_INK_BYTES + 1))
        if isinstance(found, InkError):
            raise found
    except FileNotFoundError:
        return Drawing()
    except ValueError:  # not ink, or not exactly one drawing
        log.warning("the last drawing is damaged; it is kept as %s", set_aside(path), exc_info=True)
        return Drawing()
    return found
