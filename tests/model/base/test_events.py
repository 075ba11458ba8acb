import pytest

from model.base import events


@pytest.mark.parametrize(
    "event",
    [
        events.Started("mlp", 10, "CPU", 1, 2, 3, 4, 5),
        events.Progress(1, 2, 0.5, 0.25),
        events.EpochDone(1, 0.1, 0.2, 0.3, 0.4, 0.5),
        events.Finished("/a b/ü", 0.98, 12.5),
        events.Finished("/a", None, 12.5),
        events.Taught(5, 1, 5, 1.5, 0.1, 1.0, 0.9996, 5000, 9.0, "/a b/ü", 5, "It looks like a 1."),
        events.Failed('a "sentence"\nof two lines'),
        events.Cancelled(),
    ],
)
def test_an_event_crosses_as_one_line(event: events.Event) -> None:
    line = events.to_line(event)
    assert "\n" not in line
    assert events.from_line(line) == event


def test_the_names_are_those_of_the_protocol() -> None:
    assert events.to_line(events.Cancelled()) == '{"event":"cancelled"}'
    assert events.to_line(events.Progress(1, 2, 0.5, 0.25)).startswith('{"event":"progress","epoch":1,"step":2,')


@pytest.mark.parametrize(
    "line",
    [
        *("", "{", "7", "[" * 100_000, '{"event":"epoch"}', '{"event":[]}', '{"event":"failed"}'),
        *('{"event":"cancelled","x":1}', '{"event":"failed","message":7}', '{"event":"stage","doing":null}'),
        *('{"event":"downloading","done":-1,"total":5}', '{"event":"downloading","done":1e400,"total":5}'),
        *('{"event":"progress","epoch":true,"step":1,"loss":0,"accuracy":0}', '{"event":"devices","found":{"cpu":7}}'),
        '{"event":"progress","epoch":1' + "0" * 400 + ',"step":1,"loss":0,"accuracy":0}',
        '{"event":"compared","images":1,"drawn":1,"current":7,"new":{},"differences":[]}',
    ],
)
def test_what_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (JSON's errors and ours are both ValueErrors)
        events.from_line(line)


def test_a_comparison_arrives_as_it_was_told() -> None:
    differences = events.Difference("AAAA", 1, 2, 3), events.Difference("BBBB", 4, 5, 6)
    sides = events.Side(3, 5, 100, 0.5), events.Side(4, 5, 200, 0.25)
    compared = events.Compared(500, 10, *sides, differences)
    assert events.from_line(events.to_line(compared)) == compared
