"""A canvas as SVG, which scales without limit and opens in other programs."""

from __future__ import annotations

import base64
import logging
import tkinter as tk
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from tkinter.font import Font
from typing import Any

from app.ui.kit.dialog import Dialog
from app.ui.kit.file_dialogs import ask_where_to_save
from model.base.errors import UserError
from model.base.language import _

Get = Callable[[str], str]  # an item's option


def save_svg(dialog: Dialog, canvas: tk.Canvas, name: str) -> None:
    """Ask where to save a dialog's canvas, save it there, and say so."""
    chosen = ask_where_to_save(dialog, _("Save picture"), {_("Pictures"): (".svg",)}, name)
    if chosen and dialog.attempt(lambda: write_svg(canvas, Path(chosen))):
        dialog.say(_("Saved as {name}.").format(name=Path(chosen).name))


def write_svg(canvas: tk.Canvas, path: Path) -> None:
    """Write a canvas as an SVG picture. Raises UserError."""
    try:
        path.write_text(_svg(canvas), encoding="utf-8")
    except OSError as error:
        sentence = _("{path} can't be written ({reason}); choose another place.")
        raise UserError(sentence, path=path, reason=error.strerror) from error
    logging.info("saved %s", path.name)


def _svg(canvas: tk.Canvas) -> str:
    """Return a canvas as SVG."""
    wide, high = canvas.winfo_width(), canvas.winfo_height()
    parts = [_tag("rect", width=wide, height=high, fill=canvas.cget("background"))]
    for item in canvas.find_all():
        get = partial(canvas.itemcget, item)
        if get("state") != "hidden":
            parts.append(_KINDS[str(canvas.type(item))](canvas, get, *canvas.coords(item)))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
    return "\n".join([head, *parts, "</svg>\n"])


def _tag(name: str, text: str = "", **values: Any) -> str:
    words = "".join(f' {key.replace("_", "-")}="{escape(str(value))}"' for key, value in values.items() if value != "")
    return f"<{name}{words}>{escape(text)}</{name}>"


def _image(canvas: tk.Canvas, get: Get, x: float, y: float) -> str:
    wide, high = (int(canvas.tk.call("image", side, get("image"))) for side in ("width", "height"))
    if not wide or not high:
        return ""
    data = "data:image/png;base64," + base64.b64encode(canvas.tk.call(get("image"), "data", "-format", "png")).decode()
    return _tag("image", x=x, y=y, width=wide, height=high, href=data, image_rendering="pixelated")


def _line(_canvas: tk.Canvas, get: Get, *places: float) -> str:
    points = " ".join(f"{place:g}" for place in places)
    return _tag("polyline", points=points, fill="none", stroke=get("fill"), stroke_width=get("width"))


def _text(canvas: tk.Canvas, get: Get, x: float, y: float) -> str:
    font = Font(canvas, get("font")).actual()
    size = abs(font["size"]) * (canvas.winfo_fpixels("1p") if font["size"] > 0 else 1)
    anchor = {"w": "start", "e": "end"}.get(get("anchor"), "middle")
    looks = {"font_family": font["family"], "font_weight": font["weight"], "font_size": f"{size:.1f}"}
    looks |= {"fill": get("fill"), "text_anchor": anchor, "dominant_baseline": "central"}
    return _tag("text", get("text"), x=x, y=y, **looks)


def _shape(_canvas: tk.Canvas, get: Get, left: float, top: float, right: float, bottom: float, **more: Any) -> str:
    edge = {"stroke": get("outline"), "stroke_width": get("width")} if float(get("width")) else {}
    edge |= {"fill": get("fill") or "none", **more}
    return _tag("rect", x=left, y=top, width=right - left, height=bottom - top, **edge)


_oval = partial(_shape, rx="50%", ry="50%")
_KINDS: dict[str, Callable[..., str]]
_KINDS = {"image": _image, "line": _line, "text": _text, "rectangle": _shape, "oval": _oval}
