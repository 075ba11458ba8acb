"""What is done with whole rows and columns of a table, as a menu."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.page.table import Place, Table
from app.ui.kit.menus import dress
from model.base.language import N_, _

Change = Callable[[Table, Place], Table]

# A line, what it does, and how many rows or columns there must be from the chosen one on, and in all.
_ROWS: tuple[tuple[str, Change, int, int], ...] = (
    (N_("Insert row below"), lambda table, place: table.with_row(place[0]), 1, 1),
    (N_("Merge with the row below"), lambda table, place: table.with_rows_merged(place[0]), 2, 2),
    (N_("Leave out row"), lambda table, place: table.without_row(place[0]), 1, 2),
)
_COLUMNS: tuple[tuple[str, Change, int, int], ...] = (
    (N_("Insert column on the right"), lambda table, place: table.with_column(place[1]), 1, 1),
    (N_("Merge with the column on the right"), lambda table, place: table.with_columns_merged(place[1]), 2, 2),
    (N_("Leave out column"), lambda table, place: table.without_column(place[1]), 1, 2),
)


def table_menu(parent: tk.Misc, table: Table, place: Place, change: Callable[[Table], None]) -> tk.Menu:
    """Return the menu of a place; ``change`` is given what a line makes of the table."""
    menu = tk.Menu(parent)
    for lines, at, count in ((_ROWS, place[0], len(table.rows)), (_COLUMNS, place[1], table.columns)):
        if lines is _COLUMNS:
            menu.add_separator()
        for label, make, from_here, in_all in lines:
            possible = count - at >= from_here and count >= in_all
            menu.add_command(
                label=_(label),
                state="normal" if possible else "disabled",
                command=lambda make=make: change(make(table, place)),  # type: ignore[misc]
            )
    dress(menu)
    return menu
