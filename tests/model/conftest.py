"""Where other people's files are read, every sentence in a test must be one that translators can find."""

import pytest

from model.base import language
from tests.sentences import Known

ROOMS = ("ink", "given", "data", "bundle", "files")


@pytest.fixture(autouse=True)
def _known_sentences(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.parent.name in ROOMS:
        monkeypatch.setattr(language._in_use, "catalog", Known())
