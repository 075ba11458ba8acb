"""A canvas as SVG, which scales without limit and opens in other programs."""

from __future__ import annotations

import base64
import io
import logging
import tkinter as tk
from html import escape
from pathlib import Path
from tkinter.font import Font
from typing import Any

from PIL import Image

from app.ui.kit.dialog import Dialog
from app.ui.kit.file_dialogs import ask_where_to_save
from model.base.errors import UserError
from model.base.language import _


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
    """Return a canvas as SVG: its pictures, rectangles, ovals, lines and texts, which are all that it has."""
    wide, high = canvas.winfo_width(), canvas.winfo_height()
    parts = [_tag("rect", width=wide, height=high, fill=canvas.cget("background"))]
    for item in canvas.find_all():
        if _get(canvas, item, "state") != "hidden" and (box := canvas.coords(item)):
            kind = str(canvas.type(item))
            parts.append(_ITEMS[kind](canvas, item, box))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
    return "\n".join([head, *parts, "</svg>"]) + "\n"


def _get(canvas: tk.Canvas, item: int, option: str) -> str:
    return str(canvas.tk.call(canvas, "itemcget", item, f"-{option}"))


def _tag(name: str, text: str = "", **values: Any) -> str:
    words = "".join(f' {key.replace("_", "-")}="{escape(str(value))}"' for key, value in values.items() if value != "")
    return f"<{name}{words}>{escape(text)}</{name}>"


def _image(canvas: tk.Canvas, item: int, place: list[float]) -> str:
    photo = _get(canvas, item, "image")
    wide, high = int(canvas.tk.call("image", "width", photo)), int(canvas.tk.call("image", "height", photo))
    if not wide or not high:
        return ""
    content = canvas.tk.call(photo, "data", "-format", "ppm")
    packed = io.BytesIO()
    drawn = io.BytesIO(content if isinstance(content, bytes) else content.encode("latin-1"))
    Image.open(drawn, formats=("PPM",)).save(packed, "PNG")
    data = "data:image/png;base64," + base64.b64encode(packed.getvalue()).decode()
    return _tag("image", x=place[0], y=place[1], width=wide, height=high, href=data, image_rendering="pixelated")


def _rectangle(canvas: tk.Canvas, item: int, box: list[float]) -> str:
    left, top, right, bottom = box
    return _tag("rect", x=left, y=top, width=right - left, height=bottom - top, **_colours(canvas, item))


def _oval(canvas: tk.Canvas, item: int, box: list[float]) -> str:
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    return _tag("ellipse", cx=x, cy=y, rx=right - x, ry=bottom - y, **_colours(canvas, item))


def _line(canvas: tk.Canvas, item: int, places: list[float]) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in zip(places[::2], places[1::2], strict=True))
    colour, width = _get(canvas, item, "fill"), _get(canvas, item, "width")
    return _tag("polyline", points=points, fill="none", stroke=colour, stroke_width=width)


def _text(canvas: tk.Canvas, item: int, place: list[float]) -> str:
    font = Font(canvas, _get(canvas, item, "font")).actual()
    size = abs(font["size"]) * (canvas.winfo_fpixels("1p") if font["size"] > 0 else 1)
    anchor = {"w": "start", "e": "end"}.get(_get(canvas, item, "anchor"), "middle")
    return _tag(
        "text",
        _get(canvas, item, "text"),
        x=place[0],
        y=place[1],
        fill=_get(canvas, item, "fill"),
        font_family=font["family"],
        font_weight=font["weight"],
        font_size=f"{size:.1f}",
        text_anchor=anchor,
        dominant_baseline="central",
    )


def _colours(canvas: tk.Canvas, item: int) -> dict[str, str]:
    outline, width = _get(canvas, item, "outline"), _get(canvas, item, "width")
    around = {"stroke": outline, "stroke_width": width} if outline and float(width) else {}
    return {"fill": _get(canvas, item, "fill") or "none", **around}


_ITEMS = {"image": _image, "rectangle": _rectangle, "oval": _oval, "line": _line, "text": _text}
