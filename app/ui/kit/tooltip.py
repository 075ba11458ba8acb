"""Tooltips: what a widget is for and its keys, beside it while the pointer rests on it or the keyboard is at it."""

from __future__ import annotations

import tkinter as tk

from app.ui.kit import style
from app.ui.kit.keys import shown

REST = 600  # milliseconds that the pointer rests on a widget before it is explained
STAY = 1200  # milliseconds that the keyboard stays at one after Tab has brought it there
WIDE = 320  # pixels of a line at most
BELOW = 22  # pixels under the pointer's tip, where its own picture ends
GAP = 4  # pixels between a widget and what explains it

TAG = "Tooltip"  # binds all widgets that have one, so a further one costs next to nothing
BUTTONS = 0x1F00  # in an event's state: any of the mouse's five is down


def add(widget: tk.Misc, text: str, keys: str = "") -> None:
    """Explain a widget, from now on or anew.

    Args:
        widget: gets the tooltip.
        text: what it does, in a few words.
        keys: that do the same, as in ``Mod+S``.
    """
    root = widget.nametowidget(".")
    there = root.children.get(Tooltip.NAME)
    tooltip = there if isinstance(there, Tooltip) else Tooltip(root)
    tooltip.explain(widget, text, keys)


def is_shown(widget: tk.Misc) -> bool:
    """Return whether a tooltip is on the screen, of any widget."""
    tooltip = widget.nametowidget(".").children.get(Tooltip.NAME)
    return tooltip is not None and bool(tooltip.winfo_viewable())


class Tooltip(tk.Toplevel):
    """The one tooltip of a program's windows, shown where it is needed; it never takes the keyboard."""

    NAME = "tooltip"

    def __init__(self, root: tk.Misc):
        super().__init__(root, name=self.NAME)
        self.withdraw()
        self.overrideredirect(True)
        if self.tk.call("tk", "windowingsystem") == "aqua":
            self.tk.call("::tk::unsupported::MacWindowStyle", "style", self, "help", "noActivates")
        elif self.tk.call("tk", "windowingsystem") == "x11":
            self.attributes("-type", "tooltip")
        self._texts: dict[str, tuple[str, str]] = {}  # a widget's name -> what is said of it, and its keys
        self._waiting = ""  # Tk's name for what is to be done later
        self._about = ""  # the name of the widget that is, or is to be, explained
        self._text = tk.Label(self, justify="left")
        self._keys = tk.Label(self, justify="left")
        self._text.pack(side="left")
        for sequence, action in (
            ("<Enter>", self._enter),
            ("<Motion>", self._move),
            ("<Leave>", self._hide),
            ("<ButtonPress>", self._hide),
            ("<<TraverseIn>>", self._traverse),  # by Tab; a click brings the keyboard too, but who clicks knows
            ("<FocusOut>", self._leave),
            ("<Unmap>", self._hide),
            ("<Destroy>", self._forget),
        ):
            root.bind_class(TAG, sequence, action)
        self._typing = root.bind_all("<Key>", self._hide, add="+")  # whoever types has no need of it

    def destroy(self) -> None:
        """Take it away, with what it waits for."""
        self._cancel()
        script = str(self.tk.call("bind", "all", "<Key>"))
        others = [line for line in script.splitlines() if self._typing not in line]
        self.tk.call("bind", "all", "<Key>", "\n".join(others))
        super().destroy()

    def explain(self, widget: tk.Misc, text: str, keys: str) -> None:
        """Keep what is to be said of a widget."""
        self._texts[str(widget)] = text, keys
        if TAG not in widget.bindtags():
            widget.bindtags((TAG, *widget.bindtags()))  # first: a widget's own bindings may end with a break

    def _enter(self, event: tk.Event[tk.Misc]) -> None:
        if _held(event):
            self._hide()
        else:
            self._later(REST, event.widget, at_pointer=True)

    def _move(self, event: tk.Event[tk.Misc]) -> None:
        """Wait until the pointer rests."""
        if self._waiting and not _held(event):
            self._later(REST, event.widget, at_pointer=True)

    def _traverse(self, event: tk.Event[tk.Misc]) -> None:
        self._later(STAY, event.widget, at_pointer=False)

    def _leave(self, event: tk.Event[tk.Misc]) -> None:
        """Go with the keyboard; that it leaves one widget is told after it has come to the next."""
        if str(event.widget) == self._about:
            self._hide()

    def _forget(self, event: tk.Event[tk.Misc]) -> None:
        self._texts.pop(str(event.widget), None)
        self._hide()

    def _later(self, milliseconds: int, widget: tk.Misc, *, at_pointer: bool) -> None:
        self._hide()
        self._about = str(widget)
        self._waiting = self.after(milliseconds, self._show, widget, at_pointer)

    def _cancel(self) -> None:
        if self._waiting:
            self.after_cancel(self._waiting)
            self._waiting = ""

    def _hide(self, _event: tk.Event[tk.Misc] | None = None) -> None:
        self._cancel()
        if self.winfo_exists() and self.state() != "withdrawn":
            self.withdraw()

    def _show(self, widget: tk.Misc, at_pointer: bool) -> None:
        """Say what was kept of a widget, under the pointer or under the widget, or above where the screen ends."""
        self._waiting = ""
        if not widget.winfo_viewable() or str(widget) not in self._texts:
            return
        text, keys = self._texts[str(widget)]
        self._dress(text, shown(keys, self))
        self.update_idletasks()  # now its size is known
        if at_pointer:
            left, top = widget.winfo_pointerxy()
            upper, lower = top - style.px(GAP), top + style.px(BELOW)
        else:
            left, upper = widget.winfo_rootx(), widget.winfo_rooty() - style.px(GAP)
            lower = widget.winfo_rooty() + widget.winfo_height() + style.px(GAP)
        wide, high = self.winfo_reqwidth(), self.winfo_reqheight()
        # The whole desktop: on Windows the screen is only the first of several.
        right_end = widget.winfo_vrootx() + widget.winfo_vrootwidth()
        lower_end = widget.winfo_vrooty() + widget.winfo_vrootheight()
        left = max(widget.winfo_vrootx(), min(left, right_end - wide))
        top = lower if lower + high <= lower_end else max(widget.winfo_vrooty(), upper - high)
        self.geometry(f"+{left}+{top}")
        self.deiconify()
        self.lift()

    def _dress(self, text: str, keys: str) -> None:
        """Take the colours of the look, which may have changed, and the words."""
        colours = style.now.colours
        self.configure(background=colours.paper, highlightthickness=style.px(1))
        self.configure(highlightbackground=colours.edge, highlightcolor=colours.edge)
        self._text.configure(text=text, wraplength=style.px(WIDE), foreground=colours.ink)
        self._keys.configure(text=keys, foreground=colours.muted)
        for label in (self._text, self._keys):
            label.configure(background=colours.paper, font=(style.family(self), 10), pady=style.px(4), padx=style.px(8))
        self._keys.pack(side="left") if keys else self._keys.pack_forget()


def _held(event: tk.Event[tk.Misc]) -> bool:
    return bool(int(event.state) & BUTTONS)
