"""What the program says of itself. Name and version stand in pyproject.toml and nowhere else."""

from __future__ import annotations

from model.base.installation import project_file
from model.base.program import DISTRIBUTION


def version() -> str:
    """Return the program's version: the checkout's own, else the installed distribution's."""
    path = project_file()
    if path is not None:
        import tomllib  # noqa: PLC0415  (this and the next: 30 ms that opening the window does not need)

        project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        return str(project["version"])
    from importlib import metadata  # noqa: PLC0415

    return metadata.version(DISTRIBUTION)
