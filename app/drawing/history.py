"""Undo and redo, for states that never change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

State = TypeVar("State")


class History(Generic[State]):
    """A cursor over states; a new one cuts off what was undone, and the oldest beyond a limit are forgotten.

    Args:
        state: the first.
        limit: what all states but the newest may weigh together.
        weigh: returns what a state weighs; by default each weighs one.
    """

    def __init__(self, state: State, limit: int = 1000, weigh: Callable[[State], int] = lambda _state: 1):
        self._states = [state]
        self._cursor = 0
        self._limit = limit
        self._weigh = weigh

    @property
    def current(self) -> State:
        """The state under the cursor."""
        return self._states[self._cursor]

    @property
    def following(self) -> State | None:
        """The state that redo would bring; None when there's none."""
        return self._states[self._cursor + 1] if self.can_redo else None

    @property
    def can_undo(self) -> bool:
        """Whether there's an older state."""
        return self._cursor > 0

    @property
    def can_redo(self) -> bool:
        """Whether there's a newer state."""
        return self._cursor < len(self._states) - 1

    def push(self, state: State) -> None:
        """Make a state the current and the newest one."""
        self._states[self._cursor + 1 :] = [state]
        excess = sum(map(self._weigh, self._states[:-1])) - self._limit
        while excess > 0:
            excess -= self._weigh(self._states.pop(0))
        self._cursor = len(self._states) - 1

    def change_all(self, change: Callable[[State], State]) -> None:
        """Replace each state with another one: for a change that isn't a step, and that undo doesn't take back."""
        self._states = [change(state) for state in self._states]

    def undo(self) -> None:
        """Go back one state, if there's one."""
        self._cursor = max(self._cursor - 1, 0)

    def redo(self) -> None:
        """Go forward one state, if there's one."""
        self._cursor = min(self._cursor + 1, len(self._states) - 1)
