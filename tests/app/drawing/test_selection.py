"""What's chosen in a grid, tested without one."""

import pytest

from app.drawing.selection import Selection


def selection(count: int) -> Selection:
    made = Selection()
    made.show(range(100, 100 + count))
    return made


def test_a_range_begins_where_the_last_click_was() -> None:
    chosen = selection(10)
    chosen.click(4)
    chosen.click(6, extend=True)
    assert chosen.in_order == [104, 105, 106]
    chosen.click(2, extend=True)
    assert chosen.in_order == [102, 103, 104]
    chosen.click(8, toggle=True)
    assert chosen.in_order == [102, 103, 104, 108]
    chosen.click(9, extend=True)
    assert chosen.in_order == [108, 109]
    chosen.click(9, toggle=True)
    assert chosen.in_order == [108]


def test_what_is_gone_is_not_chosen_any_more_and_the_next_is_under_the_keyboard() -> None:
    chosen = selection(10)
    chosen.choose([103, 104, 999])
    assert chosen.in_order == [103, 104]
    chosen.show([100, 101, 102, 105])
    assert chosen.in_order == []
    assert chosen.under_cursor == 105
    chosen.show([100])
    assert chosen.under_cursor == 100
    chosen.show([])
    assert chosen.under_cursor is None
    chosen.show([7])
    chosen.click(0)
    assert chosen.in_order == [7]


@pytest.mark.parametrize(
    ("key", "start", "place"),
    [
        ("Left", 0, 0),
        ("Left", 4, 3),
        ("Right", 9, 9),
        ("Up", 2, 2),
        ("Up", 6, 2),
        ("Down", 3, 7),
        ("Down", 5, 9),
        ("Down", 7, 9),  # the last row only has two places
        ("Down", 8, 8),
        ("Prior", 9, 1),
        ("Next", 1, 9),
        ("Home", 7, 0),
        ("End", 0, 9),
        ("x", 3, None),
    ],
)
def test_keys_lead_through_a_grid_of_four_columns_of_which_two_rows_are_seen(
    key: str, start: int, place: int | None
) -> None:
    chosen = selection(10)
    chosen.click(start)
    assert chosen.after(key, columns=4, rows=2) == place
    assert selection(0).after(key, columns=4, rows=2) is None
