"""The icon: what its script draws, and what each system gets."""

import io
import shutil
import struct
import subprocess
import sys
import tkinter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.ui.kit import icon
from assets.icon import make
from tests.conftest import ROOT, Window
from tests.screen import Screen

FOLDER = ROOT / "assets" / "icon"
ROUNDING = 3  # of 255: other versions of Pillow may round differently


def opened(path: Path, size: int = 0) -> Image.Image:
    """Return the picture in a file; if there are several, the one of this size."""
    picture = Image.open(io.BytesIO(path.read_bytes()))
    if size:
        picture.size = size, size  # type: ignore[misc]  # tells Pillow which one to read
    picture.load()
    return picture


def same(one: Image.Image, other: Image.Image) -> bool:
    pixels = [np.asarray(image.convert("RGBA"), np.int16) for image in (one, other)]
    return pixels[0].shape == pixels[1].shape and int(np.abs(pixels[0] - pixels[1]).max()) <= ROUNDING


def test_the_files_are_what_the_script_draws(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "make.py", tmp_path)
    subprocess.run([sys.executable, tmp_path / "make.py"], check=True)  # it writes next to itself, as it says there
    (tmp_path / "make.py").unlink()
    names = sorted(path.name for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".py")
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    for name in names:
        if name.endswith(".svg"):
            assert (tmp_path / name).read_text() == (FOLDER / name).read_text()
        else:
            assert same(opened(tmp_path / name), opened(FOLDER / name)), name
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 400_000


def test_each_size_is_there_for_each_system() -> None:
    assert [opened(FOLDER / f"{size}.png").size for size in make.SIZES] == [(size, size) for size in make.SIZES]
    windows = opened(FOLDER / "inkling.ico")
    assert windows.info["sizes"] == {(size, size) for size in (16, 24, 32, 48, 64, 128, 256)}
    for size in (16, 48, 256):
        assert same(opened(FOLDER / "inkling.ico", size), opened(FOLDER / f"{size}.png")), size
    mac = {wide * finer for wide, _, finer in opened(FOLDER / "inkling.icns").info["sizes"]}
    assert mac == {32, 64, 128, 256, 512, 1024}


def test_windows_icon_has_bitmaps_where_older_programs_look() -> None:
    content = (FOLDER / "inkling.ico").read_bytes()
    count = struct.unpack_from("<H", content, 4)[0]
    entries = [struct.unpack_from("<BBBBHHII", content, 6 + 16 * number) for number in range(count)]
    for wide, *_rest, length, start in entries:
        part = content[start : start + length]
        assert len(part) == length
        if wide == 0:  # 256
            assert Image.open(io.BytesIO(part)).size == (256, 256)
        else:
            assert struct.unpack_from("<Iii", part) == (40, wide, 2 * wide)  # the picture with its mask above it
    assert sum(length for *_rest, length, _ in entries) + 6 + 16 * count == len(content)


@pytest.mark.parametrize("background", ["#ffffff", "#f3f4f6", "#1f2329", "#14171b"])
@pytest.mark.parametrize("size", [16, 32])
def test_it_is_seen_on_light_and_on_dark(background: str, size: int) -> None:
    shown = Image.new("RGB", (size, size), background)
    picture = opened(FOLDER / f"{size}.png")
    shown.paste(picture, mask=picture)
    around = luminance(background)

    def contrast(place: tuple[int, int], ground: float) -> float:
        value = shown.getpixel(place)
        assert isinstance(value, tuple)
        lighter, darker = sorted((luminance("#" + bytes(value[:3]).hex()), ground), reverse=True)
        return (lighter + 0.05) / (darker + 0.05)

    tile = shown.getpixel((1, size // 2))
    assert isinstance(tile, tuple)
    assert contrast((1, size // 2), around) >= 3  # WCAG 2.2, 1.4.11: for what isn't text
    assert contrast((size // 2, size * 7 // 16), luminance("#" + bytes(tile[:3]).hex())) >= 3  # the 6 on it


def luminance(colour: str) -> float:
    """Return WCAG's relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_windows_have_it_and_dialogs_after_them(window: Window) -> None:
    before = set(window.root.image_names())
    icon.set_icon(window.root)
    assert set(window.root.image_names()) == before, "Tk has copied them"
    dialog = tkinter.Toplevel(window.root)
    for each, title in ((window.root, "Inkling"), (dialog, "A dialog")):
        each.title(title)
        window.root.update()
        assert icon_sizes(window.screen, title) == [16, 32, 64, 128]


def icon_sizes(screen: Screen, title: str) -> list[int]:
    """Return what the window manager gets: each picture's width, height and pixels."""
    core = screen._connection.core
    atom = core.InternAtom(False, len("_NET_WM_ICON"), "_NET_WM_ICON").reply().atom
    any_type = 0
    reply = core.GetProperty(False, screen.window(title), atom, any_type, 0, 1_000_000).reply()
    numbers, sizes = reply.value.to_atoms(), []
    while numbers:
        sizes.append(numbers[0])
        assert len(set(numbers[2 : 2 + numbers[0] * numbers[1]])) > 10, "pixels"
        numbers = numbers[2 + numbers[0] * numbers[1] :]
    return sizes


def test_a_program_without_its_icon_opens_all_the_same(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(icon, "FOLDER", tmp_path)
    icon.set_icon(window.root)
    window.root.update()


def test_the_nearest_size_is_shown(window: Window) -> None:
    assert [icon.image(window.root, size).width() for size in (10, 64, 90, 100, 2000)] == [16, 64, 64, 128, 512]
