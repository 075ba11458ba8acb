"""Models for tests: copies of the built-in one, each with its own card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from app.kept import models, paths
from model.bundle import bundle
from model.bundle.bundle import CARD_FILE, LITERT_FILE


def copied(folder: Path, **card: Any) -> Path:
    """Copy the built-in model to a folder, change its card, and return the folder."""
    shutil.copytree(bundle.BUNDLED, folder)
    changed = json.loads((folder / CARD_FILE).read_text()) | {"format": 2, "name": "", "origin": "trained"} | card
    (folder / CARD_FILE).write_text(json.dumps(changed))
    return folder


def keep(name: str, **card: Any) -> str:
    """Add a model to the user's, and return its key."""
    return copied(paths.models_folder() / models.new_place(name).name, name=name, **card).name


def damage(key: str, name: str = LITERT_FILE) -> None:
    """Change one byte in a file of one of the user's models."""
    path = paths.models_folder() / key / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
