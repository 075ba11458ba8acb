from app.drawing.history import History


def test_undo_and_redo_walk_the_states() -> None:
    history = History("a")
    history.push("b")
    history.push("c")
    history.undo()
    assert (history.current, history.can_undo, history.can_redo) == ("b", True, True)
    history.undo()
    history.undo()
    assert (history.current, history.can_undo) == ("a", False)
    history.redo()
    history.redo()
    history.redo()
    assert (history.current, history.can_redo) == ("c", False)


def test_a_new_state_cuts_off_what_was_undone() -> None:
    history = History("a")
    history.push("b")
    history.undo()
    history.push("c")
    assert not history.can_redo
    history.undo()
    assert history.current == "a"


def test_only_so_many_steps_are_kept() -> None:
    history = History(0, limit=3)
    for state in range(1, 10):
        history.push(state)
    for _ in range(20):
        history.undo()
    assert history.current == 6


def test_what_is_no_step_changes_all_states() -> None:
    history = History(1)
    history.push(2)
    history.push(3)
    history.undo()
    history.change_all(lambda state: state * 10)
    assert (history.current, history.can_undo, history.can_redo) == (20, True, True)
    history.undo()
    assert history.current == 10


def test_heavy_states_are_forgotten_sooner() -> None:
    history = History("", limit=10, weigh=lambda state: 4 if state.isupper() else 1)
    for state in ("a", "B", "c", "D", "e", "F", "g"):
        history.push(state)
    seen = []
    while history.can_undo:
        history.undo()
        seen.append(history.current)
    assert seen == ["F", "e", "D", "c"]  # they weigh 10, and 14 with the B
