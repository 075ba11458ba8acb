"""The code does what SECURITY.md promises, as far as that can be compared."""

import ast
import re
from typing import Any

import pytest
from PIL import Image

from app.facts import instance
from app.kept import models, profile_file, profiles, sample, settings
from app.sources import pdf, pdf_child, picture_cost, pictures
from app.ui.lessons import lesson
from model.base import files
from model.bundle import litert_pictures
from model.commands import watched
from model.data import download, refused, tables
from model.given import pictures as given_pictures
from model.ink import ink, markup, svg
from model.training.files import declared, keras_file
from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
LIMITS = {
    "a picture": picture_cost.MOST_PIXELS,
    "a picture's file": picture_cost.MOST_PICTURE_BYTES,
    "the pieces that it is read in": picture_cost.MOST_READS,
    "the values of a tag in it": picture_cost.MOST_TAG_VALUES,
    "the pages of a TIFF": pictures.MOST_FRAMES,
    "a PDF": picture_cost.MOST_PICTURE_BYTES,
    "the pages of a PDF": pdf.MOST_PAGES,
    "a page of it, as a picture": pdf_child.MOST_PAGE_PIXELS,
    "the memory that drawing it takes": pdf_child.MOST_MEMORY,
    "the time that drawing it computes, and opening the PDF": pdf_child.MOST_SECONDS,
    "a coordinate of ink": ink.LARGEST_COORDINATE,
    "JSON or XML of ink, in a file, a line of one or the clipboard": ink.MOST_INK_BYTES,
    "the elements of such XML": markup.MOST_ELEMENTS,
    "elements inside each other in it": markup.DEEPEST_ELEMENT,
    "the transformations in it": svg.MOST_TRANSFORMS,
    "the points of a drawing": ink.MOST_POINTS,
    "the strokes of a drawing": ink.MOST_STROKES,
    "the file of drawings that are imported": sample.LARGEST_IMPORT,
    "the settings": settings.LARGEST_SETTINGS,
    "a Keras file, and what it unpacks to": keras_file.LARGEST_FILE,
    "a configuration in it": keras_file.LARGEST_TEXT,
    "its groups, arrays, chunks and notes": keras_file.MOST_PARTS,
    "its weights": declared.MOST_WEIGHTS,
    "its layers, each as often as it is used": declared.MOST_LAYERS,
    "networks inside each other in it": declared.DEEPEST_NETWORK,
    "what a layer of it makes of an image": declared.LARGEST_LAYER,
    "what all its layers make of an image": declared.LARGEST_SUM,
    "what an answer of it takes": declared.MOST_WORK,
    "the memory that opening it takes": watched.MOST_MEMORY,
    "the time that opening it computes": watched.MOST_SECONDS,
    "data to learn from, and what it unpacks to": refused.LARGEST_DATA,
    "a table to learn from": tables.LARGEST_TABLE,
    "the pictures in a folder to learn from": given_pictures.MOST_PICTURES,
    "each of them": given_pictures.MOST_PIXELS,
    "its file": given_pictures.MOST_BYTES,
    "the scans of a JPEG among them": given_pictures.MOST_SCANS,
    "what an answer of an eye takes, for 112×160 pixels": litert_pictures.MOST_WORK,
    "what all its operations make of them": litert_pictures.LARGEST_MEMORY,
    "what one of them looks at there": litert_pictures.LARGEST_VIEW,
    "the name that a model is given in the window": models.LONGEST_NAME,
    "the name of a profile": profiles.LONGEST_NAME,
    "what a profile's file unpacks to": profile_file.LARGEST_PROFILE,
    "the files in it": profile_file.MOST_PARTS,
    "the file of a lesson": lesson.LARGEST_LESSON,
    "what a second start may say to the window": instance.LARGEST_REQUEST,
}


def rows() -> dict[str, str]:
    found = re.findall(r"^\| ([^|]+) \| ([\d,]+) \w+ \|$", TEXT, re.MULTILINE)
    return {what: number.replace(",", "") for what, number in found}


@pytest.mark.parametrize(("what", "limit"), LIMITS.items())
def test_each_limit_is_the_one_in_the_code(what: str, limit: Any) -> None:
    assert int(rows()[what]) == limit


def test_no_limit_is_named_that_nobody_compares() -> None:
    assert set(rows()) == set(LIMITS)


def test_the_modes_are_those_that_are_set() -> None:
    assert f"({files.FOLDER_MODE:04o})" in TEXT
    assert f"({files.FILE_MODE:04o})" in TEXT


def test_the_download_is_as_it_says() -> None:
    assert "`model/data/download.py`" in TEXT
    assert download.URL.startswith("https://")
    assert len(download.SHA256) == 64


def test_nothing_that_can_run_code_is_read_but_a_scheduler_s_answers() -> None:
    paths = (path for folder in ("app", "model") for path in (ROOT / folder).rglob("*.py"))
    code = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    assert any("allow_pickle=False" in each for each in code.values())
    runs = re.compile(r"allow_pickle=True|import (?:pickle|dill|joblib|marshal|shelve)|\beval\(|\bexec\(")
    assert {name for name, each in code.items() if runs.search(each)} <= {"app/sources/cluster.py"}
    assert "they exchange pickles" in TEXT


def test_pillow_opens_nothing_but_by_the_promised_formats_and_grabs_nothing_undecided() -> None:
    """All pictures are opened in one place; from Windows' clipboard Pillow opens a picture without decoding it.

    Besides, a training opens the JPEG that it has just written, and small pictures to learn from.
    """
    opening, grabbing = [], []
    for path in (path for folder in ("app", "model") for path in (ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Image.open", "PIL.Image.open"):
                formats = [ast.unparse(each.value) for each in node.keywords if each.arg == "formats"]
                opening.append((name, *formats))
            elif isinstance(node, ast.Attribute | ast.Name) and "grab" in ast.unparse(node).lower().split(".")[-1]:
                grabbing.append((name, ast.unparse(node)))
            elif isinstance(node, ast.ImportFrom | ast.Import) and any("Plugin" in each.name for each in node.names):
                raise AssertionError(f"{name} imports a plug-in")
    own = ("model/training/synthetic/camera.py", "('JPEG',)")
    learned = ("model/given/pictures.py", "FORMATS")
    assert sorted(opening) == [("app/sources/pictures.py", "PICTURE_FORMATS"), learned, own]
    assert set(given_pictures.FORMATS) < set(pictures.PICTURE_FORMATS)
    assert {name for name, what in grabbing if what.startswith("ImageGrab")} == {"app/sources/clipboard.py"}
    assert pictures.PICTURE_FORMATS == ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
    assert Image.MAX_IMAGE_PIXELS == 100_000_000


def test_it_invents_no_address() -> None:
    assert "@" not in TEXT
    assert "Report a vulnerability" in TEXT


def test_people_find_it() -> None:
    assert "(SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert '"SECURITY.md"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
