"""What the tests of a network's inside share."""

import pytest

from model.base.work import finish
from model.inside.chain import Chain, open_chain
from model.reading.recognizer import Recognizer


@pytest.fixture(scope="module")
def network(recognizer: Recognizer) -> Chain:
    """The built-in model's network, opened step by step."""
    opened = finish(open_chain(recognizer.file))
    assert opened
    return opened
