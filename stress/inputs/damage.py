"""Damage to valid bytes, and archives that don't contain what they claim."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from hypothesis import strategies as st

_NUMBERS = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Return bytes, with some of them changed, cut off or added."""
    whole = bytearray(content)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, max(0, len(whole) - 1)))
        match draw(st.integers(0, 5)):
            case 0:
                whole[place : place + 1] = draw(st.binary(min_size=1, max_size=1))
            case 1:
                whole[place : place + 4] = struct.pack(
                    "<I", draw(st.sampled_from(_NUMBERS) | st.integers(0, 2**32 - 1))
                )
            case 2:
                del whole[place:]
            case 3:
                whole[place:place] = draw(st.binary(max_size=8))
            case 4:
                del whole[place : place + draw(st.integers(1, 100))]
            case _:
                whole += draw(st.binary(max_size=40))
    return bytes(whole)


_PACKINGS = [zipfile.ZIP_STORED] * 3 + [zipfile.ZIP_DEFLATED] * 2 + [zipfile.ZIP_BZIP2]
_LIES: dict[str, list[int]] = {  # false values for a member's entry in the directory
    "file_size": [0, 1, 10**6, 2**31, 2**40],
    "compress_size": [0, 1, 10**6, 2**40],
    "header_offset": [0, 1, 10, 10**6, 2**40],
    "flag_bits": [1, 0x40, 0x800, 0x2000],
    "CRC": [0, 1],
    "compress_type": [0, 8, 9, 12, 14, 99],
}


@st.composite
def zips(draw: st.DrawFn, members: Mapping[str, bytes]) -> bytes:
    """Return an archive of these members, with or without a trick played on one of them or around them."""
    packing = draw(st.sampled_from(_PACKINGS))
    tricked = draw(st.sampled_from([*members, *[None] * (1 + len(members))]))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing, strict_timestamps=False) as archive:
        for name, content in members.items():
            trick = draw(st.integers(0, 5)) if name == tricked else None
            if trick == 0:
                continue
            before = draw(st.sampled_from(["../", "/", "C:\\", "a/", "\0", "./"])) if trick == 1 else ""
            after = bytes(draw(st.sampled_from([1, 100, 1_000_000]))) if trick == 2 else b""
            archive.writestr(zipfile.ZipInfo(before + name), content + after, packing)
            entries = archive.filelist
            if trick == 3:
                entries.append(entries[draw(st.integers(0, len(entries) - 1))])
            elif trick in (4, 5):
                lie = draw(st.sampled_from(sorted(_LIES)))
                setattr(entries[-1], lie, draw(st.sampled_from(_LIES[lie])))
        for _ in range(draw(st.sampled_from([0] * 8 + [1, 100]))):
            archive.writestr(zipfile.ZipInfo(draw(st.text(max_size=12)) + "."), b"more")
        archive.comment = draw(st.binary(max_size=50)) if draw(st.integers(0, 9)) == 0 else b""
    content = file.getvalue()
    match draw(st.integers(0, 12)):
        case 0:
            content = draw(st.binary(min_size=1, max_size=30)) + content
        case 1:
            content += draw(st.binary(min_size=1, max_size=30))
        case 2:
            content += content
    return content
