"""The code does what SECURITY.md promises, as far as that can be compared."""

import ast
import re

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
from tests.test_imports import parsed

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
LIMITS = {  # what's in the table: the constant in the code, and the test that tries it on both sides
    "a picture": (picture_cost.MOST_PIXELS, "picture_cost: the_most_pixels_of_a_picture"),
    "a picture's file": (picture_cost.MOST_PICTURE_BYTES, "picture_cost: the_most_bytes_of_a_picture_s_file"),
    "the pieces that it is read in": (
        picture_cost.MOST_READS,
        "picture_cost: as_many_pieces_as_are_promised_are_read_and_no_more",
    ),
    "the values of a tag in it": (
        picture_cost.MOST_TAG_VALUES,
        "picture_cost: a_tag_has_no_more_values_than_are_promised",
    ),
    "the pages of a TIFF": (pictures.MOST_FRAMES, "sheets: the_most_pages_of_a_tiff"),
    "a PDF": (picture_cost.MOST_PICTURE_BYTES, "pdf: the_most_bytes"),
    "the pages of a PDF": (pdf.MOST_PAGES, "pdf: the_most_pages"),
    "a page of it, as a picture": (pdf_child.MOST_PAGE_PIXELS, "pdf: the_most_pixels_of_a_page"),
    "the memory that drawing it takes": (pdf_child.MOST_MEMORY, "pdf: each_limit_holds_just_there"),
    "the time that drawing it computes, and opening the PDF": (
        pdf_child.MOST_SECONDS,
        "pdf: each_limit_holds_just_there",
    ),
    "a coordinate of ink": (ink.LARGEST_COORDINATE, "ink: the_most_points_strokes_and_the_farthest_coordinate"),
    "JSON or XML of ink, in a file, a line of one or the clipboard": (
        ink.MOST_INK_BYTES,
        "ink: the_most_json_of_a_file_and_of_a_line",
    ),
    "the elements of such XML": (markup.MOST_ELEMENTS, "document: the_most_of_everything_is_read_and_more_is_refused"),
    "elements inside each other in it": (
        markup.DEEPEST_ELEMENT,
        "document: the_most_of_everything_is_read_and_more_is_refused",
    ),
    "the transformations in it": (svg.MOST_TRANSFORMS, "document: the_most_of_everything_is_read_and_more_is_refused"),
    "the points of a drawing": (ink.MOST_POINTS, "ink: the_most_points_strokes_and_the_farthest_coordinate"),
    "the strokes of a drawing": (ink.MOST_STROKES, "ink: the_most_points_strokes_and_the_farthest_coordinate"),
    "the file of drawings that are imported": (sample.LARGEST_IMPORT, "samples: the_largest_file_that_is_imported"),
    "the settings": (settings.LARGEST_SETTINGS, "settings: the_largest_settings"),
    "a Keras file, and what it unpacks to": (keras_file.LARGEST_FILE, "keras_file: the_largest_file_of_a_model"),
    "a configuration in it": (keras_file.LARGEST_TEXT, "keras_file: a_description_that_is_too_long_is_not_read"),
    "its groups, arrays, chunks and notes": (keras_file.MOST_PARTS, "hdf5: each_limit_holds_just_there"),
    "its weights": (declared.MOST_WEIGHTS, "declared: each_limit_holds_just_there"),
    "its layers, each as often as it is used": (declared.MOST_LAYERS, "declared: each_limit_holds_just_there"),
    "networks inside each other in it": (declared.DEEPEST_NETWORK, "declared: networks_lie_in_each_other_only_so_deep"),
    "what a layer of it makes of an image": (declared.LARGEST_LAYER, "declared: each_limit_holds_just_there"),
    "what all its layers make of an image": (declared.LARGEST_SUM, "declared: each_limit_holds_just_there"),
    "what an answer of it takes": (declared.MOST_WORK, "declared: each_limit_holds_just_there"),
    "the memory that opening it takes": (watched.MOST_MEMORY, "watched: each_limit_holds_just_there"),
    "the time that opening it computes": (watched.MOST_SECONDS, "watched: each_limit_holds_just_there"),
    "data to learn from, and what it unpacks to": (refused.LARGEST_DATA, "data: the_most_data_of_each_kind"),
    "a table to learn from": (tables.LARGEST_TABLE, "data: the_most_data_of_each_kind"),
    "the pictures in a folder to learn from": (given_pictures.MOST_PICTURES, "pictures: the_most_pictures_in_a_folder"),
    "each of them": (given_pictures.MOST_PIXELS, "pictures: the_most_of_a_picture_to_learn_from"),
    "its file": (given_pictures.MOST_BYTES, "pictures: the_most_of_a_picture_to_learn_from"),
    "the scans of a JPEG among them": (given_pictures.MOST_SCANS, "pictures: the_most_of_a_picture_to_learn_from"),
    "what an answer of an eye takes, for 112×160 pixels": (
        litert_pictures.MOST_WORK,
        "litert_check: what_a_network_of_pictures_may_cost_is_bounded",
    ),
    "what all its operations make of them": (
        litert_pictures.LARGEST_MEMORY,
        "litert_check: what_a_network_of_pictures_may_cost_is_bounded",
    ),
    "what one of them looks at there": (
        litert_pictures.LARGEST_VIEW,
        "litert_check: what_a_network_of_pictures_may_cost_is_bounded",
    ),
    "the name that a model is given in the window": (models.LONGEST_NAME, "models: the_longest_name"),
    "the name of a profile": (profiles.LONGEST_NAME, "profiles: the_longest_name_of_a_profile"),
    "what a profile's file unpacks to": (
        profile_file.LARGEST_PROFILE,
        "profiles: the_most_that_a_profile_s_file_unpacks_to",
    ),
    "the files in it": (
        profile_file.MOST_PARTS,
        "profiles: the_largest_settings_and_the_most_files_in_a_profile_s_file",
    ),
    "the file of a lesson": (lesson.LARGEST_LESSON, "lesson: a_lesson_can_be_so_large_and_no_larger"),
    "what a second start may say to the window": (
        instance.LARGEST_REQUEST,
        "instance: a_second_start_can_say_a_million_bytes_and_no_more",
    ),
}


def rows() -> dict[str, str]:
    found = re.findall(r"^\| ([^|]+) \| ([\d,]+) \w+ \|$", TEXT, re.MULTILINE)
    return {what: number.replace(",", "") for what, number in found}


@pytest.mark.parametrize("what", LIMITS)
def test_each_limit_is_the_one_in_the_code_and_is_tried(what: str) -> None:
    limit, test = LIMITS[what]
    assert int(rows()[what]) == limit
    module, name = test.split(": ")
    found = [node for path in (ROOT / "tests").rglob(f"test_{module}.py") for node in parsed(path).body]
    assert f"test_{name}" in {node.name for node in found if isinstance(node, ast.FunctionDef)}


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
