"""The forms that a model can be exported in, as a menu."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.ui.kit.menus import dress
from model.base.language import N_, _

WHOLE = ""  # the form of a copy for another Inkling
_FORMS = (
    (N_("For Inkling (a folder)"), WHOLE),
    (N_("For Keras (.keras)"), "keras"),
    (N_("For LiteRT (.tflite)"), "tflite"),
    (N_("For TensorFlow (SavedModel)"), "savedmodel"),
    (N_("For ONNX Runtime (.onnx)"), "onnx"),
)


def export_menu(parent: tk.Misc, export: Callable[[str], None]) -> tk.Menu:
    """Return the menu; ``export`` is given the form that was chosen."""
    menu = tk.Menu(parent)
    for label, form in _FORMS:
        menu.add_command(label=_(label), command=lambda form=form: export(form))  # type: ignore[misc]
    dress(menu)
    return menu
