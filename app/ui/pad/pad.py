"""The pad: a canvas that a pen draws on and an eraser removes strokes from."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.ui.kit import style
from app.ui.kit.key_events import bind_plain
from app.ui.pad.dry_ink import DryInk, draw_ink
from app.ui.pad.eraser import Eraser
from app.ui.pad.keyboard_pen import KeyboardPen
from app.ui.pad.pad_marks import draw_guide, draw_marks
from app.ui.pad.pointer_pen import PointerPen
from model.ink.ink import DEFAULT_WIDTH, Box, Drawing, Point, Stroke, room

if TYPE_CHECKING:
    from PIL import Image

    from app.ui.pad.fitted import Fitted

LEAST_SIDE = 280  # pixels of 1/96 inch each way; it grows with the window
PEN, ERASER = "pen", "eraser"  # the tools
STILL = 2  # pixels: a press that moves no farther is a click
CURSORS = {PEN: "pencil", ERASER: "dotbox"}


class Pad(tk.Canvas):
    """Shows a drawing and reports each stroke that is drawn on it or removed from it.

    A pixel of the drawing is 1/96 inch on every screen. A drawing whose canvas is larger than the pad is shown
    smaller, so that all ink that's read is visible. Tk 8.6 doesn't report pressure.

    Args:
        parent: the widget around it.
        on_stroke: gets a finished stroke's points: the drawing's pixels, and the pointer events' milliseconds.
        on_erase: gets the places, in the drawing, of the strokes that the eraser touched between coming down and
            going up.

    Attributes:
        on_move: called after each new point of the pen; `wet_strokes` is then what it has drawn so far.
        on_choose: gets the place of the digit whose frame was clicked, if a number's digits have frames.
        on_full: called when the drawing has as many points as it can have: a stroke has ended, or can't begin.
        pen_width: the pen's width in a new drawing, in its pixels; this and the next two take effect with `show`.
        smooth: whether dry ink is shown without the hand's tremor; what is reported and saved still has it.
        guide: whether lines to write between are shown; they are never part of the ink.
        tool: what the left button and the keyboard's pen do: "pen" or "eraser"; `take` changes it.
        shown_scale: the screen's pixels per pixel of the drawing.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_stroke: Callable[[tuple[Point, ...]], None],
        on_erase: Callable[[Collection[int]], None],
    ):
        super().__init__(
            parent,
            width=style.px(LEAST_SIDE),
            height=style.px(LEAST_SIDE),
            background=style.now.colours.paper,
            highlightthickness=style.px(2),
            highlightbackground=style.now.colours.edge,
            highlightcolor=style.now.colours.accent,
            cursor=CURSORS[PEN],
            takefocus=True,
        )
        self._on_stroke, self.on_erase = on_stroke, on_erase
        self.on_move: Callable[[], None] = lambda: None
        self.on_choose: Callable[[int], None] = lambda _place: None
        self.on_full: Callable[[], None] = lambda: None
        self.pen_width: float = DEFAULT_WIDTH
        self.smooth, self.guide, self.tool = True, False, PEN
        self.shown_scale = style.now.factor
        self._drawing = Drawing()
        self._wet: list[Point] = []  # the stroke under the pen
        self._before: list[tuple[Point, ...]] = []  # what it drew each time before it left the pad
        self._room = 0  # how many points the stroke can have
        self._marks: tuple[str, Sequence[Box], int] = ("", (), 0)  # as they were requested
        self._frames: list[Box] = []  # of the marks, in the screen's pixels
        self._picture: Image.Image | None = None  # shown instead of a drawing
        self._fitted: Fitted | None = None  # the same, as large as there's room for
        self.dry = DryInk(self, lambda: self.is_drawing)
        self._eraser, self.keyboard, self._pointer = Eraser(self), KeyboardPen(self), PointerPen(self)
        self.bind("<Leave>", lambda _event: self._eraser.leave())
        bind_plain(self, "<Escape>", self._escape)
        self.bind("<Configure>", lambda _event: self._fit())

    @property
    def size_in_pixels(self) -> tuple[int, int]:
        """The size of the area to draw on, (width, height), in the drawing's pixels."""
        # Rounded: a canvas that's larger than the pad, even by half a pixel, is shown smaller.
        return int(self.winfo_width() / self.shown_scale + 0.001), int(self.winfo_height() / self.shown_scale + 0.001)

    @property
    def is_drawing(self) -> bool:
        """Whether a pen, or an eraser, is down."""
        return bool(self._wet) or self._eraser.is_down

    @property
    def wet_strokes(self) -> tuple[tuple[Point, ...], ...]:
        """What the pen has drawn since it came down: several strokes if it left the pad and came back."""
        return (*self._before, tuple(self._wet)) if self._wet else ()

    @property
    def ink_width(self) -> float:
        """The width, in the drawing's pixels, of the ink on the pad and of the next stroke."""
        return self.pen_width if self._drawing.is_blank else self._drawing.width

    def take(self, tool: str) -> None:
        """Switch to another tool."""
        self.finish_stroke()
        self.tool = tool
        self._show_tool()

    def finish_stroke(self) -> None:
        """End and report the stroke under the pen, if there's one, as if the pen were lifted; an eraser too."""
        strokes = self.wet_strokes
        self._lift()
        if (chosen := self._clicked(strokes)) is not None:
            self._fit_picture()  # it was hidden when the pen came down
            self.on_choose(chosen)
        elif strokes:
            for points in strokes:
                self._on_stroke(points)
        elif self._eraser.is_down:
            if erased := self._eraser.finish():
                self.on_erase(erased)
            self._eraser.give_back()  # what's still in the drawing
        self._show_tool()

    def _clicked(self, strokes: tuple[tuple[Point, ...], ...]) -> int | None:
        """Return the place of the digit whose frame was clicked, if the pen only clicked there; None if it drew."""
        if len(strokes) != 1 or len(self._frames) < 2:
            return None
        (first, *others), scale = strokes[0], self.shown_scale
        if any(max(abs(other.x - first.x), abs(other.y - first.y)) * scale > style.px(STILL) for other in others):
            return None
        x, y = first.x * scale, first.y * scale
        inside = (left <= x <= right and top <= y <= bottom for left, top, right, bottom in self._frames)
        return next((place for place, is_inside in enumerate(inside) if is_inside), None)

    def give_up_stroke(self) -> None:
        """Discard the stroke under the pen as if it had never begun; an eraser gives back what it removed."""
        self._lift()
        self._eraser.give_back()
        self._show_tool()

    def _lift(self) -> None:
        self._wet, self._before = [], []
        self._pointer.let_go()
        self.delete("wet")

    def put_down(self, point: Point, *, erase: bool = False) -> None:
        """Begin a stroke at a point in the drawing's pixels, or begin erasing there with ``erase``."""
        self.finish_stroke()  # a release can get lost, for example to a dialog that opens
        if erase:
            self._eraser.put_down(point[:2])
            self._show_tool()
            return
        self._room = room(self._drawing)
        if not self._room:
            self.on_full()
            return
        self.event_generate("<<PenDown>>")
        self.delete("picture")  # a stroke over a picture begins a new drawing
        self._wet = [point]
        self._draw_wet()
        self.on_move()

    def move_pen(self, point: Point) -> None:
        """Move the pen or the eraser that's down to a point; if neither is down, show what an eraser would remove."""
        if self._wet:
            if len(self._wet) == self._room:
                self.finish_stroke()
                self.on_full()
            elif point[:2] != self._wet[-1][:2]:
                self._wet.append(point)
                self._draw_wet()
                self.on_move()
        elif self._eraser.is_down or self.tool == ERASER:
            self._eraser.move(point[:2])

    def go_on_from(self, point: Point) -> None:
        """Continue at the point where the pen or the eraser comes back to the pad: since it left, nothing was drawn."""
        if self._wet:
            so_far = self.wet_strokes
            self._room = room(replace(self._drawing, strokes=(*self._drawing.strokes, *map(Stroke, so_far))))
            if not self._room:
                self.finish_stroke()
                self.on_full()
                return
            self._before, self._wet = list(so_far), [point]
            self._draw_wet()
        elif self._eraser.is_down:
            self._eraser.put_down(point[:2])

    def _draw_wet(self) -> None:
        """Draw what the pen has added since its last point."""
        draw_ink(self, self.shown_scale, self._wet[-2:], self.ink_width, ("wet",))

    def show(self, drawing: Drawing) -> None:
        """Show a drawing; redraw only what has changed."""
        if drawing is not self._drawing:
            self.mark("", (), 0)
            self._eraser.give_back()
        self._drawing, self.shown_scale = drawing, style.now.factor
        if drawing.canvas and not drawing.is_blank:
            width, height = drawing.canvas
            self.shown_scale = min(self.shown_scale, self.winfo_width() / width, self.winfo_height() / height)
        self.dry.show(drawing, self.shown_scale, smooth=self.smooth)
        if self.guide != bool(self.find_withtag("guide")):
            self._show_guide()
        self.mark(*self._marks)  # at this scale, and above the ink
        self.keyboard.show()

    def show_picture(self, picture: Image.Image | None) -> None:
        """Show a picture behind the ink, as large as there's room for, or None; marks are then in its pixels."""
        if picture is not self._picture:
            self._picture = picture
            self.mark("", (), 0)
            self._fit_picture()

    def _fit(self) -> None:
        """Show everything as large as there's room for now."""
        self._fit_picture()
        self.show(self._drawing)
        self._show_guide()

    def _fit_picture(self) -> None:
        self.delete("picture")
        self._fitted = None
        if self._picture:
            from app.ui.pad.fitted import Fitted  # noqa: PLC0415  (Pillow isn't needed to open the window)

            self._fitted = Fitted(self, self._picture)
            self.tag_lower("picture")

    def mark(self, text: str, boxes: Sequence[Box], selected: int) -> None:
        """Draw a light box around each digit of a number, with the digit above it; a single digit needs no box.

        The marks disappear when the drawing on the pad changes.
        """
        self._marks = text, boxes, selected
        colours = style.now.colours
        if self._fitted:
            self._frames, colours = [self._fitted.place(box) for box in boxes], self._fitted.colours
        else:
            self._frames = [Box(*(side * self.shown_scale for side in box)) for box in boxes]
        draw_marks(self, text, self._frames, selected, colours)

    def _escape(self, _event: tk.Event[tk.Misc]) -> str | None:
        if not self.is_drawing:
            return None
        self.give_up_stroke()
        return "break"  # if nothing is under the pen, the key is the window's

    def _show_tool(self) -> None:
        """Show the current tool by the pointer's shape."""
        erases = self._eraser.is_down or self.tool == ERASER
        self.configure(cursor=CURSORS[ERASER if erases else PEN])
        if not erases:
            self._eraser.leave()
        self.keyboard.show()

    def _show_guide(self) -> None:
        self.delete("guide")
        if self.guide:
            draw_guide(self)
