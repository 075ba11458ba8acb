"""What's shown of a network's inside is true: checked against LiteRT, finite differences and covered ink."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from PIL import Image, ImageDraw

from model.base.work import finish
from model.ink.ink import Box, Drawing, Point, Stroke, read_lines
from model.ink.render import render
from model.inside import inside
from model.inside.chain import Chain, open_chain, trace
from model.inside.steps import Convolution, Dense, Step
from model.inside.ways import strongest, votes
from model.reading.eye import seen
from model.reading.normalize import BOX, SIDE, Image28, normalize_drawing
from model.reading.picture_digit import PictureDigit
from model.reading.recognizer import Recognizer


@pytest.fixture
def drawings(shared: Path) -> list[Drawing]:
    with (shared / "data" / "pen-digits.jsonl").open("rb") as lines:
        some = list(lines)[::300]
    return [drawing for drawing in read_lines(io.BytesIO(b"".join(some))) if isinstance(drawing, Drawing)]


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """LiteRT files of untrained networks with random weights and biases."""
    import keras  # noqa: PLC0415  (seconds)

    from model.data.architectures import build  # noqa: PLC0415  (as above)
    from model.training.files import export  # noqa: PLC0415  (as above)
    from model.training.opened.manner import Manner  # noqa: PLC0415  (as above)
    from model.training.opened.opening import wrapped  # noqa: PLC0415  (as above)

    dense = keras.layers.Dense(10, activation="softmax")
    networks = {
        "cnn-batchnorm": build(keras, "cnn-batchnorm", "tanh"),
        "mlp": build(keras, "mlp-256-128-dropout", "elu"),
        "sigmoid on dark ink": build(keras, "mlp-128", "sigmoid"),
        "no hidden layer": keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), dense]),
        "unknown": keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                keras.layers.AveragePooling2D(2),
                keras.layers.Flatten(),
                keras.layers.Dense(10, activation="softmax"),
            ]
        ),
    }
    rng = np.random.default_rng(0)
    files = {}
    for name, made in networks.items():
        weights = [rng.normal(0, np.prod(value.shape[:-1]) ** -0.5, value.shape) for value in made.get_weights()]
        if name in ("sigmoid on dark ink", "unknown"):
            weights[0] /= 255  # it reads values up to 255
        made.set_weights(weights)
        for layer in made.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.moving_variance.assign(np.abs(layer.moving_variance) + 0.5)
        whole = export.finished(made) if name in ("cnn-batchnorm", "mlp") else made
        if name in ("sigmoid on dark ink", "unknown"):
            whole = wrapped(made, Manner("255", "dark", "probabilities"))
        folder = tmp_path_factory.mktemp("network")
        export.export(whole, folder)
        files[name] = (folder / "model.tflite").read_bytes()
        if name == "mlp":
            export.export(made, folder, int8=True)
            files["whole numbers for weights"] = (folder / "model.tflite").read_bytes()
    return files


def run(file: bytes, image: Image28) -> Any:
    interpreter = Interpreter(model_content=file)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image[None])
    interpreter.invoke()
    (answer,) = [end for end in interpreter.get_output_details() if tuple(end["shape"]) == (1, 10)]
    return interpreter.get_tensor(answer["index"])[0]


def answer(probabilities: Any) -> int:
    return int(np.argmax(probabilities))


def exact(network: Chain) -> Chain:
    """Return the network with float64 weights, which finite differences need."""

    def wide(step: Step) -> Step:
        if isinstance(step, Dense | Convolution):
            return replace(step, weights=step.weights.astype(np.float64), bias=step.bias.astype(np.float64))
        return step

    return replace(network, steps=tuple(map(wide, network.steps)))


def test_the_weights_compute_what_litert_computes(
    recognizer: Recognizer, network: Chain, drawings: list[Drawing]
) -> None:
    for drawing in drawings:
        image = normalize_drawing(drawing)
        traced = finish(trace(network, image))
        assert np.abs(traced.probabilities - recognizer.probabilities(image)).max() < 1e-5
    assert [column.units for column in network.columns] == [784, 1200, 1000, 500, 10]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("cnn-batchnorm", [(24, True)]),
        ("mlp", [(256, False)]),
        ("sigmoid on dark ink", [(128, False)]),
        ("no hidden layer", []),
    ],
)
def test_other_networks_too_and_their_gradients(
    others: dict[str, bytes], drawings: list[Drawing], name: str, first: list[tuple[int, bool]]
) -> None:
    network = finish(open_chain(others[name]))
    assert network
    hidden = network.columns[1:-1]
    assert [(column.units, column.has_maps) for column in hidden[:1]] == first
    for drawing in drawings[:3]:
        image = normalize_drawing(drawing)
        traced = finish(trace(network, image))
        assert np.abs(traced.probabilities - run(others[name], image)).max() < 1e-4
        assert_gradient(network, image, 3)


def test_whole_numbers_for_weights_are_what_they_stand_for(others: dict[str, bytes], drawings: list[Drawing]) -> None:
    file = others["whole numbers for weights"]
    assert len(file) < len(others["mlp"]) / 3
    network = finish(open_chain(file))
    assert network
    assert not network.columns[1].has_maps
    for drawing in drawings[:3]:
        image = normalize_drawing(drawing)
        traced = finish(trace(network, image))
        assert np.abs(traced.probabilities - run(file, image)).max() < 0.02
        assert_gradient(network, image, 3)


def test_the_gradient_is_a_finite_difference(network: Chain, drawings: list[Drawing]) -> None:
    for drawing in drawings[:2]:
        for digit in (0, 7):
            assert_gradient(network, normalize_drawing(drawing), digit)


def assert_gradient(network: Chain, image: Image28, digit: int) -> None:
    network = exact(network)
    # On blank paper all inputs of max pooling are equal, and its gradient isn't defined.
    wide: Any = image + np.random.default_rng(2).uniform(0, 0.01, image.shape)

    def odds(changed: Any) -> float:
        return float(inside.log_odds(finish(trace(network, changed)).probabilities)[digit])

    traced = finish(trace(network, wide))
    slopes = finish(traced.back(inside.slope_of(traced, digit), len(network.steps), 0))[0]
    assert np.abs(slopes).max() > 1e-3
    rng = np.random.default_rng(1)
    for row, column in [divmod(int(np.abs(slopes).argmax()), SIDE), *rng.integers(4, 24, (4, 2)).tolist()]:
        step = np.zeros_like(wide)
        step[row, column] = 1e-6
        difference = (odds(wide + step) - odds(wide - step)) / 2e-6
        assert slopes[row, column] == pytest.approx(difference, rel=1e-3, abs=1e-5 * np.abs(slopes).max())


def test_covering_what_spoke_for_costs_more_than_covering_what_spoke_against(
    recognizer: Recognizer, drawings: list[Drawing]
) -> None:
    held = []
    for drawing in drawings:
        image = normalize_drawing(drawing)
        probabilities = recognizer.probabilities(image)
        maps = finish(inside.attribution(recognizer.probabilities, image))
        assert not maps[:, image == 0].any()
        runner_up = int(np.argsort(probabilities)[-2])
        for digit in (answer(probabilities), runner_up):
            order = np.argsort(maps[digit], axis=None)
            left = []
            for covered in (order[-15:], order[:15]):
                rest = image.copy()
                rest.flat[covered] = 0
                left.append(recognizer.probabilities(rest)[digit])
            held.append(left[0] < left[1])
    assert len(held) > 40
    assert np.mean(held) > 0.95


def test_networks_that_cannot_be_looked_into_are_still_covered(
    others: dict[str, bytes], drawings: list[Drawing]
) -> None:
    assert finish(open_chain(others["unknown"])) is None
    image = normalize_drawing(drawings[0])
    maps = finish(inside.attribution(lambda image: run(others["unknown"], image), image))
    assert np.abs(maps).max() > 0


def test_a_unit_that_is_silenced_takes_its_vote_with_it(network: Chain, drawings: list[Drawing]) -> None:
    right = []
    for drawing in drawings:
        traced = finish(trace(network, normalize_drawing(drawing)))
        digit = answer(traced.probabilities)
        shares = finish(votes(traced, digit))[0][1]
        before = inside.log_odds(traced.probabilities)[digit]
        for unit in strongest(shares, 8):
            value = traced.values[network.columns[1].end].copy()
            value[..., unit] = 0
            for step in network.steps[network.columns[1].end :]:
                value = step.forward(value)
            right.append((before - inside.log_odds(value[0])[digit]) * shares[unit] > 0)
    assert np.mean(right) > 0.95


def test_a_units_picture_is_what_it_sums_by(network: Chain, others: dict[str, bytes], drawings: list[Drawing]) -> None:
    on_dark = finish(open_chain(others["sigmoid on dark ink"]))
    assert on_dark
    for each in (network, on_dark):
        image, blank = normalize_drawing(drawings[1]), np.zeros((SIDE, SIDE), np.float32)
        traced, nothing = finish(trace(each, image)), finish(trace(each, blank))
        for unit in strongest(finish(votes(traced, 3))[0][1], 4):
            weights = finish(inside.seen_by(traced, each.columns[1], unit))
            sums = traced.values[each.columns[1].end - 1][..., unit]
            offset = nothing.values[each.columns[1].end - 1][..., unit].max()
            assert weights.shape == (SIDE, SIDE)
            assert float((weights * image).sum()) == pytest.approx(sums.max() - offset, rel=1e-3, abs=1e-3)


def test_a_filters_picture_is_its_kernel(others: dict[str, bytes], drawings: list[Drawing]) -> None:
    network = finish(open_chain(others["cnn-batchnorm"]))
    assert network
    layer = network.weighing(network.columns[1])
    assert isinstance(layer, Convolution)
    traced = finish(trace(network, normalize_drawing(drawings[0])))
    for unit in strongest(finish(votes(traced, 3))[0][1], 4):
        kernel, weights = layer.weights[unit, :, :, 0], finish(inside.seen_by(traced, network.columns[1], unit))
        assert weights.shape == kernel.shape
        assert abs(np.corrcoef(weights.ravel(), kernel.ravel())[0, 1]) == pytest.approx(1, abs=1e-4)


def test_the_stages_lead_to_the_image(drawings: list[Drawing]) -> None:
    for drawing in drawings[:6]:
        drawn, fitted, moved = inside.stages(drawing)
        assert [stage.name for stage in (drawn, fitted, moved)] == ["drawn", "fitted", "moved"]
        left, top, right, bottom = (side / inside.FINER for side in fitted.picture.getbbox() or ())
        assert max(right - left, bottom - top) == pytest.approx(BOX, abs=0.5)
        assert (left + right) / 2 == pytest.approx(SIDE / 2, abs=0.5)
        assert moved.centre == pytest.approx((14.5 / SIDE, 14.5 / SIDE), abs=0.02)
        image = np.asarray(moved.picture.reduce(inside.FINER), np.float32) / 255
        assert np.abs(image - normalize_drawing(drawing)).mean() < 0.02


def page(drawings: list[Drawing]) -> Image.Image:
    """Return two digits on a page with a line below them."""
    pictures = [render(drawing) for drawing in drawings[:2]]
    sheet = Image.new("L", (sum(each.width for each in pictures), max(each.height for each in pictures) + 60), 255)
    sheet.paste(pictures[0], (0, 30))
    sheet.paste(pictures[1], (pictures[0].width, 30))
    ImageDraw.Draw(sheet).line((0, sheet.height - 12, sheet.width, sheet.height - 12), fill=90, width=4)
    return sheet


def test_the_stages_of_a_picture_do_too(recognizer: Recognizer, drawings: list[Drawing]) -> None:
    picture = page(drawings)
    sight = seen(picture, recognizer.eye)
    digits = recognizer.recognize(picture).digits
    assert len(digits) == 2
    for digit in (PictureDigit(picture), *(PictureDigit(picture, each.box) for each in digits)):
        opened, written, ink, fitted, moved = inside.stages(digit, sight)
        assert [stage.name for stage in (opened, written, ink, fitted, moved)] == [
            *("picture", "written", "ink", "fitted", "moved")
        ]
        assert opened.picture is written.picture is picture
        assert fitted.centre is not None
        image = np.asarray(moved.picture.reduce(moved.picture.width // SIDE), np.float32) / np.float32(255)
        assert np.array_equal(image, recognizer.image(digit))
        assert np.array_equal(image, recognizer.image(digit, sight))


def test_what_is_written_in_a_picture_is_told_from_the_rest(recognizer: Recognizer, drawings: list[Drawing]) -> None:
    picture = page(drawings)
    box = Box(0, 0, picture.width / 2, picture.height)
    _picture, written, *_rest = inside.stages(PictureDigit(picture, box), seen(picture, recognizer.eye))
    assert written.box == (0, 0, 0.5, 1)
    digits, signs = (np.asarray(mask.resize(picture.size)) > 128 for mask in written.marks)
    is_ink = np.asarray(picture) < 128
    line = slice(picture.height - 14, picture.height - 9)
    assert digits[: picture.height - 30][is_ink[: picture.height - 30]].mean() > 0.85
    assert digits[line].mean() < 0.1
    assert not signs.any()


def test_a_digit_of_a_picture_is_the_ink_in_its_box(recognizer: Recognizer, drawings: list[Drawing]) -> None:
    picture = page(drawings)
    for digit, drawing in zip(recognizer.recognize(picture).digits, drawings[:2], strict=True):
        image = recognizer.image(PictureDigit(picture, digit.box))
        alone = recognizer.image(PictureDigit(render(drawing)))
        assert np.corrcoef(image.ravel(), alone.ravel())[0, 1] > 0.85
    corner = PictureDigit(picture, Box(0, 0, 8, 8))
    assert not recognizer.image(corner).any()
    assert inside.stages(corner, seen(picture, recognizer.eye)) == ()


def test_what_is_blank_has_no_stages(recognizer: Recognizer) -> None:
    assert inside.stages(Drawing()) == ()
    blank = PictureDigit(render(Drawing()))
    assert inside.stages(blank, seen(blank.picture, recognizer.eye)) == ()


def test_a_dot_has_stages() -> None:
    assert len(inside.stages(Drawing((Stroke((Point(3, 4),)),)))) == 3


def test_most_of_some_amounts_is_found_in_a_third_of_the_ink() -> None:
    image, amounts = np.zeros((SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE))
    image[10:22, 4:16] = 1
    amounts[20, 5] = 1
    assert inside.third_of_most(amounts, image) == (2, 0)


def test_work_gives_way_often(recognizer: Recognizer, drawings: list[Drawing]) -> None:
    image = normalize_drawing(drawings[0])
    runs: list[int] = []

    def read(image: Image28) -> Any:
        runs[-1] += 1
        return recognizer.probabilities(image)

    def pieces(work: Iterator[None]) -> Iterator[None]:
        runs.append(0)
        for piece in work:
            runs.append(0)
            yield piece

    assert len(list(pieces(inside.attribution(read, image)))) > 20
    assert max(runs) == 1
