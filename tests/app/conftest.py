"""Where other people's files are read, each sentence that is said in a test is one that translators know.

A window also shows names of keys, which are the same in all languages.
"""

import pytest

from model.base import language
from tests.sentences import Known

ROOMS = ("sources", "kept")


@pytest.fixture(autouse=True)
def _known_sentences(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.parent.name in ROOMS and "screen" not in request.fixturenames:
        monkeypatch.setattr(language._in_use, "catalog", Known())
