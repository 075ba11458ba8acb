"""Recognition: the LiteRT networks of a bundle run on one 28x28 image at a time.

NumPy and Pillow come with this module: the window imports it after its first paint.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from model.base.language import _
from model.base.work import Work
from model.bundle.bundle import DOUBT_LITERT_FILE, LITERT_FILE, Bundle, BundleError, open_bundle
from model.bundle.card import Card
from model.ink.ink import Drawing
from model.reading import strokes
from model.reading.doubt import ANSWERS, NONE
from model.reading.eye import Eye, seen
from model.reading.litert import LiteRTNetwork
from model.reading.normalize import SIDE, Image28, normalize_drawing, normalize_ink
from model.reading.own_signs import OwnSigns
from model.reading.parts import look
from model.reading.picture_digit import PictureDigit
from model.reading.reading import BLANK, DIGITS, Prediction, Reading
from model.reading.sight import Sight
from model.reading.strokes import Known

THRESHOLD = 0.5  # of doubt: above it, what is shown isn't accepted as a digit
DIGIT_OUTPUTS = 10


class Recognizer:
    """Reads drawings and pictures with one bundle's networks.

    If a model has no doubt of its own, the built-in model's is used; above the threshold, 0 to 1, nothing is accepted
    as a digit. Raises BundleError where the bundle is damaged, or its network doesn't take a 28x28 image and give ten
    numbers, and UserError where LiteRT isn't installed, or doesn't work.
    """

    def __init__(self, bundle: Bundle, threshold: float = THRESHOLD):
        self.bundle = bundle
        self.threshold = threshold
        self._known = Known()
        self._looked: tuple[Image.Image, Sight] | None = None  # the last picture, and the look that was read
        self._network = LiteRTNetwork(bundle, LITERT_FILE, DIGIT_OUTPUTS)
        self.file = self._network.content  # of the network that reads, as it's run
        doubting = doubt_of(bundle)
        self._doubt = LiteRTNetwork(doubting, DOUBT_LITERT_FILE, ANSWERS) if doubting else None
        self._signs = OwnSigns(bundle, DIGIT_OUTPUTS) if bundle.card.signs else None
        seeing = eye_of(bundle)
        self._eye = Eye(seeing) if seeing else None  # at once: the folder may be gone when the first picture comes

    def recognize(self, subject: Drawing | Image.Image) -> Reading:
        """Return what a drawing or a picture shows: nothing, a digit, or a number. Raises PictureError."""
        if isinstance(subject, Drawing):
            return strokes.read_drawing(subject, self.read, self._known)
        sight, reading = look(subject, self.read, self.eye, self.doubt)
        self._looked = subject, sight
        return reading

    def image(self, subject: Drawing | Image.Image | PictureDigit, sight: Sight | None = None) -> Image28:
        """Return a digit, or all ink as one, as the network's input, (28, 28) float32; 0 where it's blank.

        ``sight`` is the `look` at the picture, if that's known. Raises PictureError.
        """
        if isinstance(subject, Drawing):
            return normalize_drawing(subject)
        digit = subject if isinstance(subject, PictureDigit) else PictureDigit(subject)
        if sight is None:
            sight = self.look(digit.picture) if digit.box else seen(digit.picture, self.eye)
        ink = digit.ink(sight)
        return np.zeros((SIDE, SIDE), np.float32) if ink is None else normalize_ink(ink)

    def look(self, picture: Image.Image) -> Sight:
        """Return what the eye saw of a picture in the look that `recognize` reads. Raises PictureError."""
        if self._looked is None or self._looked[0] is not picture:
            self.recognize(picture)
        assert self._looked
        return self._looked[1]

    @property
    def eye(self) -> Eye:
        """The eye. Raises BundleError if neither the model nor the built-in one has one."""
        if self._eye is None:
            sentence = _("The model in {path} has no eye, so it can't read pictures. Install Inkling again.")
            raise BundleError(sentence, path=self.bundle.path)
        return self._eye

    def reading(self, drawing: Drawing) -> Work[Reading]:
        """Return what a drawing shows, in pieces of work."""
        return strokes.reading(drawing, self.read, self._known)

    def with_threshold(self, threshold: float) -> Recognizer:
        """Return a recogniser with the same networks and another threshold."""
        other = copy.copy(self)
        other.threshold = threshold
        other._known, other._looked = Known(), None  # what was accepted may not be, and the other way round
        return other

    def read(self, image: Image28) -> Prediction:
        """Return what a normalised image shows: (28, 28) float32, 0 paper to 1 ink."""
        if not image.any():
            return BLANK
        digits = self.probabilities(image)
        answers = self._answers(image)
        digit, other = int(np.argmax(digits)), NONE if answers is None else int(np.argmax(answers))
        doubt = 0.0 if answers is None else 1 - answers[digit]
        rival = "" if other in (digit, NONE) else DIGITS[other]
        if not self._signs:
            return Prediction(tuple(digits), doubt, doubt <= self.threshold, rival=rival)
        signs = self._signs.read(image, doubt)
        likely, none = max(each for _sign, each in signs), 1 - sum(each for _sign, each in signs)
        digits = [each * none for each in digits]
        if likely > max(digits):
            doubt, rival = min(doubt, 1 - likely), ""
        return Prediction(tuple(digits), doubt, doubt <= self.threshold, signs, rival)

    def probabilities(self, image: Image28) -> Sequence[float]:
        """Return the network's ten outputs for a (28, 28) float32 image, blank or not."""
        return self._network.run(image)

    def doubt(self, image: Image28, digit: int | None = None) -> float:
        """Return how much it's doubted that a (28, 28) float32 image shows a digit; without one, that it shows any.

        It's 0 if there's no network for that.
        """
        answers = self._answers(image)
        return 0.0 if answers is None else 1 - (max(answers[:NONE]) if digit is None else answers[digit])

    def _answers(self, image: Image28) -> Sequence[float] | None:
        """Return the eleven outputs of the network that doubts."""
        return self._doubt.run(image) if self._doubt else None


def doubt_of(bundle: Bundle) -> Bundle | None:
    """Return the bundle whose doubt a bundle uses: itself or the built-in one; None if neither has one.

    An older one that only tells digits from non-digits isn't used.
    """
    return _having(bundle, lambda card: card.doubt.get("answers") == ANSWERS)


def eye_of(bundle: Bundle) -> Bundle | None:
    """Return the bundle whose eye a bundle uses: itself or the built-in one; None if neither has one."""
    return _having(bundle, lambda card: card.eye)


def _having(bundle: Bundle, part: Callable[[Card], object]) -> Bundle | None:
    if not part(bundle.card):
        try:
            bundle = open_bundle()
        except BundleError:
            return None  # to read without it is better than not to read
    return bundle if part(bundle.card) else None


def self_test(recognizer: Recognizer) -> None:
    """Let a network read a blank and an inked image, and raise BundleError unless it answers with probabilities.

    If the model has its own eye, that has to see a picture, too. Raises UserError, too, as the recogniser does.
    """
    for image in (np.zeros((28, 28), np.float32), np.eye(28, dtype=np.float32)):
        answers = np.array(recognizer.probabilities(image))
        if not (np.all(answers >= 0) and abs(answers.sum() - 1) < 1e-3):  # NaN is neither
            sentence = _("The network in {path} doesn't answer with ten probabilities; choose another model.")
            raise BundleError(sentence, path=recognizer.bundle.path)
    if recognizer.bundle.card.eye:
        recognizer.recognize(Image.new("L", (SIDE, SIDE), 255))
