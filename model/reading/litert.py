"""A bundle's networks in the LiteRT runtime: their files are checked, opened, and run on one image at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from model.base import installation
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.program import FROZEN
from model.base.silence import without_standard_error
from model.bundle.bundle import BUNDLED, Bundle, BundleError
from model.reading.normalize import Image28

LITERT = "ai-edge-litert"  # the runtime's name in the package index

UNSOUND = N_("LiteRT can't run the network in {path}. Choose another model.")
OTHER_ENDS = N_("The network in {path} doesn't read a 28x28 image into ten digits; choose another model.")
NO_EYE = N_("The network in {path} doesn't find digits in a picture; choose another model.")
PICTURE = (112, 160, 3)  # height, width and planes that a network of pictures is written for, and checked at

Floats = npt.NDArray[np.float32]
Shape = tuple[int, ...]


class _Network:
    """One LiteRT file of a bundle, ready to run.

    Args:
        bundle: where it is from; a file that isn't the program's own is checked first.
        name: of the file.
        start: the shape of what it's given.
        answer: the shape of what it answers. What else it gives (its hidden layers) is left alone.

    Raises what `Recognizer` does.
    """

    other_ends = OTHER_ENDS  # what is said of a network of other shapes

    def __init__(self, bundle: Bundle, name: str, start: Shape, answer: Shape):
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
            self._check(bundle, content, start, answer)
        try:
            # A network this small is done before a second thread has woken up.
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._allocate()
        except (TypeError, AttributeError) as error:  # its words are others
            raise _not_working(error) from error
        except (ValueError, RuntimeError) as error:
            raise BundleError(_(UNSOUND), path=bundle.path) from error
        starts, ends = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        answers = [end for end in ends if _is(end, answer)]
        if not len(starts) == len(answers) == 1 or not _is(starts[0], start):
            raise BundleError(_(self.other_ends), path=bundle.path)
        self._input, self._output = starts[0]["index"], answers[0]["index"]

    def _allocate(self) -> None:
        with without_standard_error():  # where XNNPACK says that it's there
            self._interpreter.allocate_tensors()

    def _answer(self, given: Floats) -> Floats:
        self._interpreter.set_tensor(self._input, given[None])
        self._interpreter.invoke()
        answer: Floats = self._interpreter.get_tensor(self._output)[0]
        return answer

    def _check(self, bundle: Bundle, content: bytes, start: Shape, answer: Shape) -> None:
        """Raise BundleError unless a LiteRT file of a bundle is safe to run: it can come from anybody."""
        try:
            from model.bundle import litert_check, litert_shapes  # noqa: PLC0415  (another LiteRT has no schema)
        except ImportError as error:
            sentence = _(
                "The network in {path} can't be checked with this version of LiteRT. Choose the built-in model."
            )
            raise BundleError(sentence, path=bundle.path) from error
        try:
            litert_check.check(content, start, answer)
        except litert_shapes.OtherEndsError as error:
            raise BundleError(_(self.other_ends), path=bundle.path) from error
        except litert_shapes.UnsoundError as error:
            raise BundleError(_(UNSOUND), path=bundle.path) from error


class LiteRTNetwork(_Network):
    """A network that turns a 28x28 image into a number of outputs."""

    def __init__(self, bundle: Bundle, name: str, outputs: int):
        super().__init__(bundle, name, (1, 28, 28), (1, outputs))

    def run(self, image: Image28) -> list[float]:
        """Return the outputs for a (28, 28) float32 image."""
        outputs: list[float] = self._answer(image).tolist()
        return outputs


class PictureNetwork(_Network):
    """A network that outputs as many planes as it's given, at the picture's size."""

    other_ends = NO_EYE

    def __init__(self, bundle: Bundle, name: str):
        super().__init__(bundle, name, (1, *PICTURE), (1, *PICTURE))
        self._shape: Shape = PICTURE

    def run(self, given: Floats) -> Floats:
        """Return the answer for the planes of a picture, (height, width, 3) float32, of the same shape.

        Its sides are multiples of `model.reading.eye.SCALE`. Its time and memory grow with the picture's area.
        """
        if given.shape != self._shape:
            self._shape = ()  # until there's room for it
            self._interpreter.resize_tensor_input(self._input, (1, *given.shape))
            self._allocate()
            self._shape = given.shape
        return self._answer(given)


def _is(end: dict[str, Any], shape: Shape) -> bool:
    """Return whether an input or an output is of this shape, in float32."""
    return (tuple(end["shape"]), end["dtype"].__name__) == (shape, "float32")


def _not_working(error: Exception) -> UserError:
    reason = " ".join(str(error).split()) or type(error).__name__
    if FROZEN:
        return UserError(_("The LiteRT runtime doesn't work here ({reason}); install Inkling again."), reason=reason)
    sentence = _("The LiteRT runtime doesn't work here ({reason}); install it again with: {command}")
    return UserError(sentence, reason=reason, command=installation.command(package=LITERT, anew=True))
