"""What an installation lacks, and how to get it."""

import pytest

from model.base import needs
from model.base.errors import UserError


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError("libsomething.so.1:\n cannot open"), r"\(libsomething.so.1: cannot open\)"),
        (SystemError(), r"\(SystemError\)"),
        (AttributeError("_ARRAY_API not found"), r"\(_ARRAY_API not found\)"),
    ],
)
def test_a_tensorflow_that_does_not_work_is_a_sentence(
    frozen: bool, error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "FROZEN", frozen)
    how = "Inkling again" if frozen else "it again with: .* -m pip install --force-reinstall -e "
    told = rf"^TensorFlow does not work here {reason}; install {how}"
    with pytest.raises(UserError, match=told), needs.loading_tensorflow("Training"):
        raise error


def test_a_tensorflow_that_is_missing_is_told_as_such() -> None:
    with pytest.raises(UserError, match="Training needs TensorFlow; install it"), needs.loading_tensorflow("Training"):
        raise ModuleNotFoundError("No module named 'tensorflow'")
