"""Picture files: valid ones of every kind, damaged ones, bombs, and files that aren't pictures."""

from __future__ import annotations

import functools
import io
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from app.drawing.picture import Picture
from app.sources import batch, pictures, sources
from model.base.errors import UserError
from model.bundle.bundle import open_bundle
from model.reading.picture import Grey
from model.reading.recognizer import Recognizer
from stress.inputs import bombs
from stress.inputs.scenes import SCENES, scene
from stress.way import Way

ENDINGS = (*pictures.PICTURE_ENDINGS, ".json", ".jsonl", "", ".txt")  # a picture with ink's ending isn't a picture
HARDEST = ("zigzag", "noise", "shadow")  # the scenes that take longest
ROW = 44  # pixels: the small picture in a list
LARGEST = 1100  # pixels a side, at most, of what the grammar draws; bombs are larger

MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "I;16", "F")
KINDS: dict[str, tuple[dict[str, Any], ...]] = {
    "PNG": ({}, {"optimize": True}, {"bits": 1}, {"transparency": 0}),
    "JPEG": ({}, {"progressive": True}, {"quality": 5}, {"subsampling": 0}, {"restart_marker_blocks": 1}),
    "BMP": ({},),
    "GIF": ({}, {"interlace": 0}, {"transparency": 0}),
    "WEBP": ({"quality": 20, "method": 0}, {"lossless": True, "method": 0}),
    "TIFF": (
        {},
        {"compression": "tiff_adobe_deflate"},
        {"compression": "tiff_lzw"},
        {"compression": "packbits"},
        {"compression": "jpeg"},
        {"compression": "group4"},
        {"compression": "tiff_lzw", "tiffinfo": {278: 1_000_000}},
        {"big_tiff": True},
        {"save_all": True, "append_images": [Image.new("L", (20, 20)), Image.new("1", (30, 9))]},
    ),
}
FOREIGN = ("EPS", "ICO", "PPM", "TGA", "PCX", "SGI", "DDS", "JPEG2000", "AVIF", "ICNS", "XBM", "MPO", "IM")


@functools.cache
def _recognizer() -> Recognizer:
    return Recognizer(open_bundle())


def _enter(content: bytes, home: Path) -> None:
    """Open a file as the command line, the window and a list do; its last byte chooses the file's ending."""
    file = home / f"picture{ENDINGS[content[-1] % len(ENDINGS) if content else 0]}"
    file.write_bytes(content)
    wrong: list[UserError] = []
    for subject in sources.read([str(file)], io.BytesIO()):
        answer = batch.Answer.of(_recognizer(), subject).reading
        batch.small_picture(subject.content, ROW)
        if isinstance(answer, UserError):
            wrong.append(answer)
        elif isinstance(subject.content, Image.Image):
            assert isinstance(Picture.of(subject.content, subject.name).image, Image.Image)
            assert all(0 <= x <= subject.content.width for digit in answer.digits for x in digit.box[::2])
    if wrong:
        raise wrong[0]


@st.composite
def _drawn(draw: st.DrawFn) -> Image.Image:
    """Return a picture in any mode."""
    side = st.integers(1, 300) | st.sampled_from([1, 2, 28, 64, 97, LARGEST])
    size = draw(st.tuples(st.integers(1, 130), st.integers(1, 130)) | st.tuples(st.integers(1, 60), side))
    if draw(st.integers(0, 40)) == 0:
        size = draw(st.tuples(side, side))
    seed = draw(st.integers(0, 2**32 - 1))
    picture = scene(draw(st.sampled_from(list(SCENES))), size, seed)
    mode = draw(st.sampled_from(MODES) | st.sampled_from(("L", "RGB")))
    if draw(st.integers(0, 3)) == 0:
        picture = Image.eval(picture, lambda level: 255 - level)
    return _in_mode(picture, mode, seed)


def _in_mode(picture: Image.Image, mode: str, seed: int) -> Image.Image:
    """Convert a grey picture to a mode, with colours, transparency or wide numbers if the mode has them."""
    chance = np.random.default_rng(seed)
    grey = np.asarray(picture)
    if mode in ("I", "F", "I;16"):
        return _in_numbers(grey, mode, chance)
    match mode:
        case "LA" | "RGBA" | "PA":
            clear = Image.fromarray(chance.permutation([0, 255]).astype(np.uint8)[(grey > 127).astype(int)])
            picture = picture.convert("L" if mode == "LA" else "RGB")
            picture.putalpha(clear)
            return picture.convert(mode)
        case "LAB":
            return Image.merge("LAB", [picture] * 3)
        case "P":
            return picture.quantize(int(chance.integers(2, 257)))
    if mode in ("RGB", "CMYK", "YCbCr"):
        colours = [
            picture.point([level * int(most) // 255 for level in range(256)]) for most in chance.integers(0, 256, 3)
        ]
        return Image.merge("RGB", colours).convert(mode)
    return picture.convert(mode)


def _in_numbers(grey: Grey, mode: str, chance: np.random.Generator) -> Image.Image:
    """Return greys as numbers of more than 8 bits, which needn't include black or white."""
    if mode == "I;16":
        return Image.fromarray(grey.astype(np.uint16) * int(chance.integers(1, 258)))
    return Image.fromarray((grey * chance.normal(0, 1000)).astype(np.float32)).convert(mode)


@st.composite
def _saved(draw: st.DrawFn) -> bytes:
    """Return a picture file of one or more frames, with an EXIF rotation, profiles and texts."""
    picture = draw(_drawn())
    kind = draw(st.sampled_from(list(KINDS)) | st.just("PNG"))
    how = dict(draw(st.sampled_from(KINDS[kind])))
    if draw(st.booleans()):
        how["exif"] = draw(_exif())
    if draw(st.integers(0, 5)) == 0:
        how["icc_profile"] = draw(st.binary(max_size=300))
    if kind == "PNG" and draw(st.integers(0, 4)) == 0:
        how["pnginfo"] = texts = PngImagePlugin.PngInfo()
        texts.add_text("Comment", draw(st.text("ab\n", max_size=30)) * draw(st.sampled_from([1, 1000])), zip=True)
        texts.add_itxt("XML:com.adobe.xmp", "<tiff:Orientation>6</tiff:Orientation>", zip=draw(st.booleans()))
    if kind in ("GIF", "WEBP", "TIFF", "PNG") and max(picture.size) < 300 and draw(st.integers(0, 4)) == 0:
        how |= {"save_all": True, "append_images": [picture.rotate(90)] * draw(st.integers(1, 3))}
    for attempt in (picture, picture.convert("RGB")):  # not every format supports every mode
        attempt.info.pop("icc_profile", None)  # LAB's has its creation time
        for words in (how, {}):
            file = io.BytesIO()
            try:
                attempt.save(file, kind, **words)
            except Exception:  # noqa: BLE001, S112  (Pillow raises what it pleases where something doesn't go together)
                continue
            return file.getvalue()
    return b""


@st.composite
def _exif(draw: st.DrawFn) -> bytes:
    """Return EXIF that rotates a picture, is nonsense, or isn't EXIF at all."""
    if draw(st.integers(0, 4)) == 0:
        return b"Exif\0\0" + draw(st.sampled_from([b"", b"II*\0", b"MM\0*"])) + draw(st.binary(max_size=60))
    exif = Image.Exif()
    exif[0x0112] = draw(st.integers(1, 8) | st.sampled_from([0, 9, 65535]))
    return exif.tobytes().replace(b"\x12\1\3", b"\x12\1" + draw(st.sampled_from([b"\3", b"\3", b"\2", b"\5", b"\x0c"])))


@functools.cache
def foreign(kind: str) -> bytes:
    """Return a file of a kind that Inkling doesn't read."""
    picture = scene("strokes", (64, 64), len(kind))
    file = io.BytesIO()
    try:
        picture.convert("1" if kind == "XBM" else "RGB").save(file, kind)
    except (KeyError, OSError, ValueError):  # this Pillow can't write it
        return kind.encode()
    return file.getvalue()


@st.composite
def _damaged(draw: st.DrawFn, files: st.SearchStrategy[bytes]) -> bytes:
    """Return a file, usually with something wrong in it."""
    content = draw(files)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, min(len(content), 400)) | st.integers(0, len(content)))
        match draw(st.integers(0, 8)):
            case 0:
                content = content[:place]
            case 1 | 2:
                content = content[:place] + draw(st.binary(min_size=1, max_size=8)) + content[place + 1 :]
            case 3:
                odd = draw(st.sampled_from([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 65535, 50_000_001]))
                word = struct.pack(draw(st.sampled_from("<>")) + "I", odd)
                content = content[:place] + word + content[place + 4 :]
            case 4:
                end = place + draw(st.integers(1, 300))
                content = content[:end] + content[place:]
            case 5:
                content = content[:place] + content[place + draw(st.integers(1, 300)) :]
            case 6:
                content += draw(files)
            case 7 if content.startswith(bombs.PNG_HEAD):
                content = _chunks_changed(content, draw(st.randoms(use_true_random=False)))
            case 8 if content.startswith(b"II*\0"):
                content = _pages_changed(content, draw(st.randoms(use_true_random=False)))
    return content


def _chunks_changed(content: bytes, chance: Any) -> bytes:
    """Return a PNG with its chunks in another order, repeated or missing, with valid checksums."""
    chunks, place = [], len(bombs.PNG_HEAD)
    while place + 8 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        chunks.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + length]))
        place += 12 + length
    if not chunks:
        return content
    for _ in range(3):
        chunks.insert(chance.randrange(len(chunks) + 1), chance.choice(chunks))
    if chance.random() < 0.3:
        chance.shuffle(chunks)
    del chunks[chance.randrange(len(chunks))]
    names = (b"tRNS", b"gAMA", b"cHRM", b"eXIf", b"acTL", b"fcTL", b"fdAT", b"PLTE", b"iCCP", b"zTXt", b"iTXt", b"pHYs")
    chunks.insert(1, (chance.choice(names), chance.randbytes(chance.randrange(40))))
    return bombs.PNG_HEAD + b"".join(bombs.chunk(kind, data) for kind, data in chunks)


def _pages_changed(content: bytes, chance: Any) -> bytes:
    """Return a TIFF with its pages linked differently: in a circle, past the end, or with some missing."""
    places, nexts, place = [], [4], int.from_bytes(content[4:8], "little")
    while 0 < place < len(content) - 2 and place not in places:
        places.append(place)
        nexts.append(place + 2 + 12 * int.from_bytes(content[place : place + 2], "little"))
        place = int.from_bytes(content[nexts[-1] : nexts[-1] + 4], "little")
    where = chance.choice(nexts)
    to = chance.choice([*places, 0, 8, len(content), len(content) - 1, 2**32 - 1])
    return content[:where] + struct.pack("<I", to) + content[where + 4 :]


@functools.cache
def _worst(number: int) -> bytes:
    """Return one of the worst known: bombs, and the largest picture that isn't reduced and takes longest to read."""
    return WORST[number]()


def _hard(name: str) -> bytes:
    file = io.BytesIO()
    scene(name, (1024, 1024), 1).save(file, "PNG")
    return file.getvalue()


WORST: tuple[Callable[[], bytes], ...] = (
    *bombs.WORST,
    *(functools.partial(_hard, name) for name in HARDEST),
)
_ENDING = st.sampled_from([b"", *(bytes([byte]) for byte in range(len(ENDINGS)))])
_FOREIGN = st.sampled_from(FOREIGN).map(foreign)
_FILES = st.one_of(
    _damaged(_saved()),
    _damaged(_saved()),
    _damaged(_saved()),
    _damaged(_FOREIGN | bombs.small()),
    st.integers(0, 60).flatmap(
        lambda chance: st.sampled_from(range(len(WORST))).map(_worst) if chance == 0 else _saved()
    ),
    st.tuples(_saved() | _FOREIGN, _saved()).map(b"".join),
    st.binary(max_size=300),
)


def _corpus() -> Sequence[bytes]:
    everything = []
    for kind, ways in KINDS.items():
        for number, how in enumerate(ways):
            file = io.BytesIO()
            picture = scene("strokes", (40, 30), number).convert("1" if how.get("compression") == "group4" else "L")
            picture.save(file, kind, **how)
            everything.append(file.getvalue() + b"\0")
    return (*everything, *map(foreign, FOREIGN))


WAY = Way(
    "pictures",
    grammar=st.tuples(_FILES, _ENDING).map(b"".join),
    corpus=_corpus,
    enter=_enter,
    modules=(
        *(
            "app.sources.sources",
            "app.sources.pictures",
            "app.sources.picture_cost",
            "app.drawing.picture",
            "app.sources.batch",
            "model.reading.picture",
            "model.reading.eye",
            "model.reading.sight",
        ),
        *(
            "model.reading.normalize",
            "model.reading.connected",
            "model.reading.groups",
            "model.reading.parts",
            "model.reading.signs",
            "model.reading.cuts",
            "model.reading.segmentation",
            "model.reading.layout",
        ),
        *("PIL.PngImagePlugin", "PIL.JpegImagePlugin", "PIL.BmpImagePlugin", "PIL.GifImagePlugin"),
        *("PIL.WebPImagePlugin", "PIL.TiffImagePlugin", "PIL.ImageFile", "PIL.ImageOps", "PIL.MpoImagePlugin"),
    ),
    starts="pages",  # what begins as a PDF does is read as one, whatever it was before it was changed
)
