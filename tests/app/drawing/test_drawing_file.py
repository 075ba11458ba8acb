import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from app.drawing import drawing_file
from app.drawing.picture import Picture
from app.sources import sources
from app.ui.kit import style
from model.base.errors import UserError
from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render

INK = Drawing(
    (
        Stroke((Point(80, 60, 0.0), Point(140.5, 61.25, 8.0, 0.5), Point(200, 60, 16.0), Point(130, 230, 90.0))),
        Stroke((Point(250, 250, 400.0),)),  # a dot
        Stroke(()),
    ),
    canvas=(300, 280),
)
WITHOUT_CANVAS = Drawing((Stroke((Point(12_345.6, -50_000.25), Point(13_000, -49_000))),), width=30)


def drawn(svg: str) -> Drawing:
    """Return the drawing that's made of an SVG file's paths."""
    root = ElementTree.fromstring(svg)  # noqa: S314  (our own)
    space = {"s": "http://www.w3.org/2000/svg"}
    group = root.find("s:g", space)
    assert group is not None
    assert (group.get("stroke"), group.get("fill")) == ("black", "none")
    assert (group.get("stroke-linecap"), group.get("stroke-linejoin")) == ("round", "round")
    strokes = []
    for path in group.findall("s:path", space):
        numbers = [float(number) for number in re.findall(r"[-.\d]+", path.get("d", ""))]
        points = [Point(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
        strokes.append(Stroke(tuple(points[:1] if len(set(points)) == 1 else points)))
    paper = root.find("s:rect", space)
    assert paper is not None
    assert paper.get("fill") == "white"
    box = [float(number) for number in root.get("viewBox", "").split()]
    assert [float(root.get(side, "")) for side in ("width", "height")] == box[2:]
    assert [float(paper.get(side, "")) for side in ("x", "y", "width", "height")] == box
    whole = [round(side) for side in box]
    return Drawing(tuple(strokes), float(group.get("stroke-width", "")), (whole[2], whole[3]))


def test_svg_draws_the_same_strokes(tmp_path: Path) -> None:
    drawing_file.save(INK, tmp_path / "x.svg")
    found = drawn((tmp_path / "x.svg").read_text(encoding="utf-8"))
    assert np.array_equal(np.asarray(render(found)), np.asarray(render(INK)))


def test_svg_without_a_canvas_shows_all_ink_to_the_last_digit(tmp_path: Path) -> None:
    drawing_file.save(WITHOUT_CANVAS, tmp_path / "x.svg")
    found = drawn((tmp_path / "x.svg").read_text(encoding="utf-8"))
    assert found.strokes == WITHOUT_CANVAS.strokes
    assert found.width == 30
    assert found.canvas == (round(WITHOUT_CANVAS.frame.width), round(WITHOUT_CANVAS.frame.height))


def test_ink_comes_back_as_it_was(tmp_path: Path) -> None:
    for name in ("x.json", "x.inkling", "X.INKLING"):
        drawing_file.save(INK, tmp_path / name)
        assert sources.fetch_only(str(tmp_path / name)) == INK


@pytest.mark.parametrize("look", [style.LIGHT, style.DARK])
def test_what_is_saved_is_black_on_white_whatever_the_look(
    look: style.Colours, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style.now, "colours", look)
    drawing_file.save(INK, tmp_path / "x.PNG")
    with Image.open(tmp_path / "x.PNG") as picture:
        assert (picture.size, picture.mode) == ((300, 280), "L")
        assert (picture.getpixel((140, 60)), picture.getpixel((20, 20))) == (0, 255)
        assert len(set(picture.tobytes())) > 10  # smooth edges
        assert np.abs(np.asarray(picture, int) - np.asarray(render(INK), int)).mean() < 2
        assert picture.info["dpi"] == pytest.approx((96, 96), abs=0.1)
    drawing_file.save(INK, tmp_path / "x.svg")
    assert set(re.findall("#[0-9a-f]{3,6}", (tmp_path / "x.svg").read_text())) == set()


def test_a_blank_drawing_is_saved_too(tmp_path: Path) -> None:
    for ending in drawing_file.ENDINGS:
        drawing_file.save(Drawing(), tmp_path / f"x{ending}")
    assert drawn((tmp_path / "x.svg").read_text()).is_blank
    assert json.loads((tmp_path / "x.json").read_text())["strokes"] == []


def test_a_picture_is_saved_as_a_picture_alone(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 30), "#203a7c")
    drawing_file.save(Picture.of(image, "blue.jpg"), tmp_path / "x.png")
    with Image.open(tmp_path / "x.png") as saved:
        assert saved.tobytes() == image.tobytes()
    for ending in (".svg", ".json"):
        with pytest.raises(UserError, match=r"no ink to save. Give x\.\w+ the ending \.png"):
            drawing_file.save(Picture.of(image, "blue.jpg"), tmp_path / f"x{ending}")
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]


def test_what_was_there_stays_when_it_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.png").write_bytes(b"older")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(UserError, match=r"x\.png can't be written \(No space left on device\)"):
        drawing_file.save(INK, tmp_path / "x.png")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"older"]
    with pytest.raises(UserError, match="has an ending that Inkling can't save"):
        drawing_file.save(INK, tmp_path / "x.gif")
