"""Files that aren't what they seem, and NumPy arrays that aren't either."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

ODD = ("/dev/zero", "/dev/full", ".", "nowhere", "pipe")  # a file's name may lead to these


def put(path: Path, content: bytes) -> None:
    """Write a file, or if the content names something odd, put that under the file's name."""
    path.unlink(missing_ok=True)
    if content == b"-> pipe":
        os.mkfifo(path)
    elif content[:3] == b"-> " and content[3:].decode(errors="replace") in ODD:
        path.symlink_to(content[3:].decode())
    else:
        path.write_bytes(content)


_KINDS = [
    "u1",
    "i1",
    "<i4",
    ">i4",
    "<i8",
    ">u8",
    "<f2",
    "<f4",
    "<f8",
    "c8",
    "?",
    "S3",
    "<U2",
    "O",
    "V4",
    "<m8[s]",
    "<M8[D]",
]
_KINDS += ["i4,f8", "(2,3)u1", "|O", "<f16"]
_HEADERS = [
    *("{'descr': '|u1', 'fortran_order': False, 'shape': (12, 28, 28), }", "{'descr': '|O', 'fortran_order': 0}"),
    "{'descr': '|u1', 'fortran_order': False, 'shape': (4000000000000, 28, 28), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-12, -28, 28), }",
    "{'descr': '|u1', 'fortran_order': True, 'shape': (3, 28, 28), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 9223372036854775807, 9223372036854775807), }",
    *("__import__('os').abort()", "[" * 5000, "{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (12,), }"),
    "{'descr': '|u1', 'fortran_order': False, 'shape': (12, 28, 28), 'shape': (3,), 'more': 1}",
    *("{'descr': [('a\\nb' * 300, '<f4')], 'fortran_order': False, 'shape': (12,), }", "9" * 5000, "lambda: 0"),
    "{'descr': ('|u1', (2,) * 32), 'fortran_order': False, 'shape': (), }",
]


@st.composite
def npys(draw: st.DrawFn, right: np.ndarray[Any, Any]) -> bytes:
    """Return an array's bytes: valid, of another type or shape, or with a false header."""
    choice = draw(st.integers(0, 9))
    if choice <= 4:
        return npy(right)
    if choice == 5:
        header = draw(st.sampled_from(_HEADERS) | st.text(max_size=80)).encode("utf-8", "replace")
        version = draw(st.sampled_from([1, 2, 3, 4, 255]))
        size = struct.pack("<H" if version == 1 else "<I", draw(st.sampled_from([len(header)] * 4 + [0, 65535])))
        return b"\x93NUMPY" + bytes([version, 0]) + size + header + right.tobytes()
    if choice == 6:
        shape = tuple(draw(st.lists(st.sampled_from([0, 1, 2, 10, 12, 27, 28, 784]), max_size=5)))
        return npy(np.resize(right, shape)) if np.prod(shape, dtype=float) < 1e6 else b""
    kind = draw(st.sampled_from(_KINDS))
    try:
        with np.errstate(all="ignore"):
            other = np.zeros(right.shape, kind)  # zeroed, since six of a <f16's bytes don't belong to the number
            if draw(st.booleans()):
                other[...] = right
    except (TypeError, ValueError):
        other = np.zeros(len(right), kind)
    if other.dtype.kind in "fc" and draw(st.booleans()):
        other.flat[0] = draw(st.sampled_from([np.nan, np.inf, -1, 1e300]))
    if other.dtype.kind in "iu" and draw(st.booleans()):
        other.flat[0] = draw(st.sampled_from([9, 10, 127]))
    return npy(np.asfortranarray(other) if draw(st.booleans()) else other)


def npy(array: np.ndarray[Any, Any]) -> bytes:
    """Return an array in the form of an `.npy` file."""
    file = io.BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=True)
    return file.getvalue()
