"""A network of a bundle in the LiteRT runtime: its file checked, opened, and run on one image at a time."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from model.base import installation
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.program import FROZEN
from model.bundle.bundle import BUNDLED, Bundle, BundleError
from model.reading.normalize import Image28

LITERT = "ai-edge-litert"  # the runtime's name in the package index

UNSOUND = N_("The network in {path} is not one that LiteRT can run; choose another model.")
OTHER_ENDS = N_("The network in {path} does not read a 28x28 image into ten digits; choose another model.")


class LiteRTNetwork:
    """One LiteRT file of a bundle, which makes a 28x28 image into some numbers.

    Args:
        bundle: where it is from; a file that isn't the program's own is checked first.
        name: of the file.
        outputs: how many numbers it answers with. What else it gives (its hidden layers) is left alone.

    Raises what `Recognizer` does.
    """

    def __init__(self, bundle: Bundle, name: str, outputs: int):
        try:  # here, where what goes wrong can be said
            from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415
        except ModuleNotFoundError as error:
            if FROZEN:
                raise UserError(_("The LiteRT runtime is missing; install Inkling again.")) from error
            sentence = _("The LiteRT runtime is missing; install it with: {command}")
            raise UserError(sentence, command=installation.command(package=LITERT)) from error
        except Exception as error:  # a library that it needs is missing, or is of another version
            raise _not_working(error) from error
        self.content = content = bundle.read(name)  # the interpreter keeps these bytes, too
        if bundle.path != BUNDLED:
            _check(bundle, content, outputs)
        try:
            # A network this small is done before a second thread has woken up.
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            with _no_standard_error():  # where XNNPACK says that it's there
                self._interpreter.allocate_tensors()
        except (TypeError, AttributeError) as error:  # its words are others
            raise _not_working(error) from error
        except (ValueError, RuntimeError) as error:
            raise BundleError(_(UNSOUND), path=bundle.path) from error
        starts, ends = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        answers = [end for end in ends if _is(end, (1, outputs))]
        if not len(starts) == len(answers) == 1 or not _is(starts[0], (1, 28, 28)):
            raise BundleError(_(OTHER_ENDS), path=bundle.path)
        self._input, self._output = starts[0]["index"], answers[0]["index"]

    def run(self, image: Image28) -> list[float]:
        """Return the outputs for a (28, 28) float32 image."""
        self._interpreter.set_tensor(self._input, image[None])
        self._interpreter.invoke()
        outputs: list[float] = self._interpreter.get_tensor(self._output)[0].tolist()
        return outputs


def _is(end: dict[str, Any], shape: tuple[int, int] | tuple[int, int, int]) -> bool:
    """Return whether an input or an output is of this shape, in float32."""
    return (tuple(end["shape"]), end["dtype"].__name__) == (shape, "float32")


@contextlib.contextmanager
def _no_standard_error() -> Iterator[None]:
    """Keep what a library writes to standard error away from the user, who'd take it for an error."""
    try:
        kept = os.dup(2)
    except OSError:  # there is none, as in a Windows program without a console
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _check(bundle: Bundle, content: bytes, outputs: int) -> None:
    """Raise BundleError unless a LiteRT file of a bundle is safe to run: it can come from anybody."""
    try:
        from model.bundle import litert_check, litert_shapes  # noqa: PLC0415  (another LiteRT has no schema)
    except ImportError as error:
        sentence = _("The network in {path} cannot be checked with this version of LiteRT; choose the bundled model.")
        raise BundleError(sentence, path=bundle.path) from error
    try:
        litert_check.check(content, outputs)
    except litert_shapes.OtherEndsError as error:
        raise BundleError(_(OTHER_ENDS), path=bundle.path) from error
    except litert_shapes.UnsoundError as error:
        raise BundleError(_(UNSOUND), path=bundle.path) from error


def _not_working(error: Exception) -> UserError:
    reason = " ".join(str(error).split()) or type(error).__name__
    if FROZEN:
        return UserError(_("The LiteRT runtime does not work here ({reason}); install Inkling again."), reason=reason)
    sentence = _("The LiteRT runtime does not work here ({reason}); install it again with: {command}")
    return UserError(sentence, reason=reason, command=installation.command(package=LITERT, anew=True))
