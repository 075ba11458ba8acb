"""What other programs have put on the clipboard.

Tk has text everywhere. Under X, and so under Wayland too, it has pictures as well, unless another program hands over
more than 400 kB in one piece (few do); those, and pictures on other systems, are Pillow's.
"""

from __future__ import annotations

import contextlib
import io
import tkinter as tk

from app.picture import Picture
from model.errors import UserError
from model.language import _

KINDS = ("image/png", "image/bmp", "image/jpeg", "image/tiff", "image/webp", "image/gif")  # the best first
_NUMBERS = {f"0x{number:x}": number for number in range(256)}


def text(root: tk.Misc) -> str:
    """Return the text on the clipboard, addresses of files where it has any; empty where there is none."""
    if "text/uri-list" in _targets(root):
        with contextlib.suppress(tk.TclError):
            addresses = address_list(root.clipboard_get(type="text/uri-list"))
            if addresses:
                return addresses
    with contextlib.suppress(tk.TclError):
        return root.clipboard_get()
    return ""


def address_list(said: str) -> str:
    """Return addresses of files from what Tk said of them; empty where it is none."""
    with contextlib.suppress(KeyError, UnicodeDecodeError):
        return _bytes(said).decode()
    return ""


def has_picture(root: tk.Misc) -> bool:
    """Return whether a picture, or files, can be on the clipboard: only X tells without getting them."""
    return root.tk.call("tk", "windowingsystem") != "x11" or not set(KINDS).isdisjoint(_targets(root))


def picture(root: tk.Misc) -> str:
    """Return the picture on an X clipboard as Tk says it; empty where there is none or Tk cannot get it."""
    for kind in KINDS:
        if kind in _targets(root):
            with contextlib.suppress(tk.TclError):  # "selection property too large"
                return root.clipboard_get(type=kind)
    return ""


def decoded(said: str) -> Picture:
    """Return a picture from what Tk said of it. Slow; raises UserError."""
    from app.sources import open_picture  # noqa: PLC0415  (Pillow is not needed to open the window)

    try:
        return Picture.of(open_picture(io.BytesIO(_bytes(said))), _("the pasted picture"))
    except KeyError as error:
        raise nothing() from error


def grabbed() -> Picture | list[str]:
    """Return the picture, or the paths of files, that the system has on its clipboard. Slow; raises UserError."""
    from PIL import Image, ImageGrab  # noqa: PLC0415  (as above)

    try:
        found = ImageGrab.grabclipboard()
    except NotImplementedError as error:  # under X and Wayland, where none of the tools is there
        raise UserError(
            _("To paste a picture this large, Inkling needs xclip, or under Wayland wl-clipboard; install it.")
        ) from error
    except (OSError, ValueError) as error:  # no picture, or one that is damaged
        raise nothing() from error
    if isinstance(found, Image.Image):
        return Picture.of(found, _("the pasted picture"))
    if found:
        return [str(path) for path in found]
    raise nothing()


def nothing() -> UserError:
    """Return what is to be said where nothing on the clipboard can be opened."""
    return UserError(
        _("There is nothing on the clipboard that Inkling can open; copy a picture, a file or ink, and paste again.")
    )


def _targets(root: tk.Misc) -> tuple[str, ...]:
    """Return in which kinds an X clipboard can be had; none elsewhere."""
    if root.tk.call("tk", "windowingsystem") != "x11":
        return ()
    with contextlib.suppress(tk.TclError):
        return tuple(root.clipboard_get(type="TARGETS").split())
    return ()


def _bytes(said: str) -> bytes:
    """Return bytes that Tk says as numbers, ``0x89 0x50 0xd``. Raises KeyError."""
    return bytes(map(_NUMBERS.__getitem__, said.split()))
