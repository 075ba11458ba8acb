"""Recognition: the LiteRT network of a bundle run on one 28x28 image at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.bundle import LITERT_FILE, Bundle, BundleError
from model.errors import UserError
from model.ink import Drawing

if TYPE_CHECKING:
    from PIL import Image

    from model.normalize import Image28


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the network makes of an image: ten probabilities, digit by digit; ten zeros for a blank one."""

    probabilities: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """The largest probability; 0 for a blank image."""
        return max(self.probabilities)

    @property
    def digit(self) -> int | None:
        """The most probable digit; None for a blank image."""
        return self.probabilities.index(self.confidence) if self.confidence else None

    @property
    def text(self) -> str:
        """What was read; empty for a blank image."""
        return "" if self.digit is None else str(self.digit)


def self_test(recognizer: Recognizer) -> None:
    """Let a network read a blank and an inked image, and raise BundleError unless it answers with probabilities."""
    import numpy as np  # noqa: PLC0415  (as in Recognizer)

    for image in (np.zeros((28, 28), np.float32), np.eye(28, dtype=np.float32)):
        answers = np.array(recognizer.probabilities(image))
        if not (np.all(answers >= 0) and abs(answers.sum() - 1) < 1e-3):  # NaN is neither
            raise BundleError(
                f"The network in {recognizer.bundle.path} does not answer with ten probabilities; choose another model."
            )


BLANK = Prediction((0.0,) * 10)

_ENDS = [((1, 28, 28), "float32"), ((1, 10), "float32")]  # the one input and the one output that a network has


class Recognizer:
    """Reads drawings and pictures with one bundle's network.

    Raises:
        BundleError: the bundle is damaged, or its network does not take a 28x28 image and give ten numbers.
        UserError: LiteRT is not installed.
    """

    def __init__(self, bundle: Bundle):
        # Imported here: NumPy, Pillow and LiteRT take 0.1 s together, and the window is to be painted before that.
        try:
            from ai_edge_litert.interpreter import Interpreter, OpResolverType  # noqa: PLC0415
        except ImportError as error:
            raise UserError("The LiteRT runtime is missing; install it with: pip install ai-edge-litert") from error
        from model.normalize import normalize  # noqa: PLC0415

        self.bundle = bundle
        self._normalize = normalize
        content = bundle.read(LITERT_FILE)
        try:
            self._interpreter = Interpreter(
                model_content=content,
                num_threads=1,  # a network this small is done before a second thread has woken up
                # The plain kernels are as fast here as XNNPACK, need no second copy of the weights, and say nothing
                # on standard error.
                experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            )
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise BundleError(
                f"The network in {bundle.path} is not one that LiteRT can run; choose another model."
            ) from error
        ends = [*self._interpreter.get_input_details(), *self._interpreter.get_output_details()]
        if [(tuple(end["shape"]), end["dtype"].__name__) for end in ends] != _ENDS:
            raise BundleError(
                f"The network in {bundle.path} does not read a 28x28 image into ten digits; choose another model."
            )
        self._input, self._output = (end["index"] for end in ends)

    def recognize(self, subject: Drawing | Image.Image) -> Prediction:
        """Return what a drawing or a picture shows. Raises PictureError."""
        return self.read(self._normalize(subject))

    def read(self, image: Image28) -> Prediction:
        """Return what a normalised image shows: (28, 28) float32, 0 paper to 1 ink."""
        return Prediction(tuple(self.probabilities(image))) if image.any() else BLANK

    def probabilities(self, image: Image28) -> Sequence[float]:
        """Return the network's ten outputs for a (28, 28) float32 image, blank or not."""
        self._interpreter.set_tensor(self._input, image[None])
        self._interpreter.invoke()
        outputs: list[float] = self._interpreter.get_tensor(self._output)[0].tolist()
        return outputs
