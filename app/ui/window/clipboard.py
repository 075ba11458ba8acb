"""What is on the clipboard: files, ink or a picture, got in a thread.

Text is Tk's where the system hands it over in one piece. Under X, and so under Wayland too, another program hands over
whatever it likes for as long as it likes; there everything comes by `app.sources.x_clipboard`, within bounds.
"""

from __future__ import annotations

import contextlib
import tkinter as tk
from typing import TYPE_CHECKING

from app.sources.system_clipboard import SystemClipboard
from app.sources.x_clipboard import XClipboard
from model.base.errors import UserError
from model.base.language import _

if TYPE_CHECKING:
    from app.drawing.picture import Picture
    from model.ink.ink import Drawing

# Pillow is not needed to open the window, so what opens pictures is imported in the thread.

KINDS = ("image/png", "image/bmp", "image/jpeg", "image/tiff", "image/webp", "image/gif")  # the best first
ADDRESSES, TEXT, OLD_TEXT = "text/uri-list", "UTF8_STRING", "STRING"


class Clipboard:
    """What is on it at this moment.

    Args:
        root: the window that it is pasted into.
    """

    def __init__(self, root: tk.Misc) -> None:
        self._text = ""
        self._source = XClipboard(root.winfo_screen()) if _is_x(root) else SystemClipboard()
        if isinstance(self._source, SystemClipboard):
            with contextlib.suppress(tk.TclError):  # there is no text
                self._text = root.clipboard_get()

    def stop(self) -> None:
        """Wait for nothing any more that is still to come."""
        self._source.stop()

    def read(self) -> Drawing | Picture | list[str]:
        """Return ink, a picture or the paths of files. Slow; raises UserError."""
        try:
            if isinstance(self._source, SystemClipboard):
                return _from_system(self._text, self._source)
            with self._source:
                return _from_x(self._source)
        except TimeoutError as error:
            sentence = _(
                "The program that you copied from doesn't answer; "
                "copy again, or save what you copied as a file and open that."
            )
            raise UserError(sentence) from error
        except OSError as error:
            raise nothing() from error


def nothing() -> UserError:
    """Return what is to be said where nothing on the clipboard can be opened."""
    return UserError(
        _("There is nothing on the clipboard that Inkling can open; copy a picture, a file or ink, and paste again.")
    )


def _is_x(root: tk.Misc) -> bool:
    return bool(root.tk.call("tk", "windowingsystem") == "x11")


def _from_system(text: str, clipboard: SystemClipboard) -> Drawing | Picture | list[str]:
    """Return what a text stands for, or else what the system has. Raises OSError, UserError."""
    from app.sources import pasted  # noqa: PLC0415

    found = pasted.understood(text) or clipboard.get()
    if not found:
        raise nothing()
    return pasted.picture(found) if isinstance(found, bytes) else found


def _from_x(clipboard: XClipboard) -> Drawing | Picture | list[str]:
    """Return what a program has, which offers the same in several kinds. Raises OSError, UserError."""
    from app.sources import pasted  # noqa: PLC0415
    from app.sources.picture_cost import LARGEST_FILE  # noqa: PLC0415
    from model.ink.ink import MOST_BYTES  # noqa: PLC0415

    kinds = clipboard.kinds((ADDRESSES, TEXT, OLD_TEXT, *KINDS))
    for kind in kinds:
        content = clipboard.get(kind, LARGEST_FILE if kind in KINDS else MOST_BYTES) or b""
        if kind in KINDS and content:
            return pasted.picture(content)
        found = pasted.understood(content.decode("latin-1" if kind == OLD_TEXT else "utf-8", "replace"))
        if found:
            return found
    raise nothing()
