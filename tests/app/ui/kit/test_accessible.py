"""What a screen reader gets to know, with a stand-in for Tk 9.1's command."""

import logging
import tkinter

import pytest

from app.ui.kit import accessible
from app.ui.kit.accessible import Voice, bars_in_words, describe_window, strokes_in_words
from tests.app.ui.window.test_main_window import SEVEN, buttons
from tests.conftest import Window

STAND_IN = """
proc ::stand_in {command args} {
    if {$command eq "check_screenreader"} {return %s}
    if {$command eq "%s"} {error "cannot be told"}
    lappend ::told [list $command {*}$args]
    return ""
}
set ::told {}
namespace ensemble configure tk -map [dict merge [namespace ensemble configure tk -map] {accessible ::stand_in}]
"""


def listen(window: Window, running: int = 1, refused: str = "none") -> Voice:
    window.root.tk.eval(STAND_IN % (running, refused))
    return Voice(window.root)


def told(window: Window) -> list[tuple[str, ...]]:
    """Return the calls since the last time."""
    calls = window.root.tk.splitlist(window.root.tk.eval("set ::told"))
    window.root.tk.eval("set ::told {}")
    return [tuple(map(str, window.root.tk.splitlist(call))) for call in calls]


def describe(window: Window, voice: Voice) -> None:
    answer = window.main.answer
    describe_window(voice, window.main.pad, answer._text, answer.bars, list(buttons(window.root)))


def test_the_window_s_widgets_are_described(window: Window) -> None:
    voice = listen(window)
    describe(window, voice)
    calls = told(window)
    pad = str(window.main.pad)
    assert [call for call in calls if call[1] == pad][:2] == [
        ("set_acc_role", pad, "Canvas"),
        ("set_acc_name", pad, "Drawing pad"),
    ]
    assert ("add_acc_object", pad) in calls
    names = {call[1]: call[2] for call in calls if call[0] == "set_acc_name"}
    assert {"Recognize", "Clear", "Undo", "Redo", "Answer", "How likely each digit is"} <= set(names.values())
    assert any(call[0] == "set_acc_help" and "Space" in call[2] for call in calls)
    assert {call[2] for call in calls if call[0] == "set_acc_role"} == {"Canvas", "Label", "Button"}


def test_a_widget_that_is_shown_later_is_described_again_after_tk_has_done_so(window: Window) -> None:
    voice = listen(window)
    describe(window, voice)
    window.root.tk.eval("bind Canvas <Map> {lappend ::told [list tk %W]}")
    told(window)
    window.draw(SEVEN)
    window.key("Return")
    bars = str(window.main.answer.bars)
    calls = [call for call in told(window) if call[1] == bars]
    assert calls[0] == ("tk", bars)
    assert ("set_acc_name", bars, "How likely each digit is") in calls[1:]


def test_a_value_is_told_when_it_changes(window: Window) -> None:
    voice = listen(window)
    text = window.main.answer._text
    for value in ("7", "7", "17"):
        voice.say(text, value)
    assert told(window) == [
        (command, str(text), *value)
        for value in (["7"], ["17"])
        for command, value in (("set_acc_value", value), ("emit_selection_change", []))
    ]


@pytest.mark.parametrize("how", ["older Tk", "nobody listens"])
def test_where_nobody_listens_nothing_is_told(window: Window, how: str) -> None:
    voice = Voice(window.root) if how == "older Tk" else listen(window, running=0)
    assert not voice.heard
    describe(window, voice)
    voice.say(window.main.pad, "1 stroke")
    if how == "nobody listens":
        assert told(window) == []


def test_what_tk_refuses_stops_the_voice_and_nothing_else(window: Window, caplog: pytest.LogCaptureFixture) -> None:
    voice = listen(window, refused="set_acc_name")
    with caplog.at_level(logging.WARNING):
        describe(window, voice)
        voice.say(window.main.pad, "1 stroke")
    assert [record.getMessage() for record in caplog.records if record.name == accessible.__name__] == [
        "the screen reader is not told: cannot be told"
    ]
    assert not voice.heard
    assert "set_acc_value" not in [call[0] for call in told(window)]


def test_a_widget_that_is_gone_is_no_error(window: Window) -> None:
    voice = listen(window)
    frame = tkinter.Canvas(window.root)
    voice.describe(frame, "Canvas", name="gone")
    frame.grid()
    window.root.update_idletasks()
    frame.destroy()
    window.root.update()


def test_bars_and_strokes_in_words() -> None:
    assert bars_in_words([("7", 0.94), ("A", 0.052), ("1", 0.012), ("2", 0.003)]) == "7: 94 %, A: 5 %, 1: 1 %"
    assert [strokes_in_words(count) for count in (0, 1, 3)] == ["empty", "1 stroke", "3 strokes"]
