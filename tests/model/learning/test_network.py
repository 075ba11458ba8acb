"""How far a network goes towards what it has learned."""

from collections.abc import Sequence

import numpy as np
import pytest

from model.bundle.bundle import LITERT_FILE, open_bundle
from model.bundle.litert_head import Layer
from model.learning.network import FINEST, Network
from model.reading.recognizer import DIGIT_OUTPUTS


@pytest.mark.parametrize("limit", [1.0, 0.97, 0.66, 0.3, 0.07, 0.01])
def test_it_goes_as_far_as_it_may(limit: float) -> None:
    network = Network(open_bundle(), LITERT_FILE, DIGIT_OUTPUTS)
    start = network.head.layers[-1].bias
    new = [Layer(layer.weights, layer.bias + 1) for layer in network.head.layers]

    def way(layers: Sequence[Layer]) -> float:
        return float(np.mean(layers[-1].bias - start))

    strength = network.hold_back(new, lambda layers: way(layers) <= limit + 0.005)
    assert limit - FINEST < strength <= limit
    assert way(network.layers) == pytest.approx(strength, abs=0.005)
