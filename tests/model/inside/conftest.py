"""What the tests of what goes on inside share."""

import pytest

from model.base.work import finish
from model.inside.chain import Chain, open_chain
from model.reading.recognizer import Recognizer


@pytest.fixture(scope="module")
def network(recognizer: Recognizer) -> Chain:
    """The built-in model's network, its steps opened."""
    opened = finish(open_chain(recognizer.file))
    assert opened
    return opened
