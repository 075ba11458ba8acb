"""What a network's last dense layers are given for an image: what the layers before them make of it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from model.bundle.litert_head import Floats, Head


class Features:
    """What the layers that learn are given for an image: all before them stays as it is."""

    def __init__(self, head: Head):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it takes memory to keep what the layers make
            self._runtime = Interpreter(
                model_content=head.file, num_threads=1, experimental_preserve_all_tensors=not _gives(head)
            )
        self._runtime.allocate_tensors()
        self._start, self._end = self._runtime.get_input_details()[0]["index"], head.before

    def of(self, images: Sequence[Floats] | Floats) -> Floats:
        """Return the features of images, (n, 28, 28) -> (n, inputs): where it has views, those of the image itself."""
        return np.stack([self._of_one(image) for image in images])

    def _of_one(self, image: Floats) -> Floats:
        self._runtime.set_tensor(self._start, image[None].astype(np.float32))
        self._runtime.invoke()
        found = self._runtime.get_tensor(self._end)
        return np.array(found.reshape(-1, found.shape[-1])[0], np.float32)


def _gives(head: Head) -> bool:
    """Return whether a network gives the features along with its answer, which is faster than keeping everything."""
    return any(end["index"] == head.before for end in Interpreter(model_content=head.file).get_output_details())
