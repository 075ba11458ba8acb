"""The Debian package in a separate, whole system: installed, started from its menu entry, used, and removed.

INKLING_CLEAN_ROOT names the system, which is copied, and INKLING_BUNDLES the bundle; of several, the smallest is used.
"""

import hashlib
import shlex
import subprocess
from pathlib import Path

import pytest

from release import deb, project
from release.bundle import open_bundle
from tests import places
from tests.conftest import missing, on_linux
from tests.person import Person
from tests.places import Place
from tests.release.test_bundles import SEVEN
from tests.screen import Screen

pytestmark = [
    on_linux,
    pytest.mark.skipif(
        not places.CLEAN_ROOT, reason="it installs into a copy of INKLING_CLEAN_ROOT, and none is named"
    ),
]

PASSING = (
    "proc",
    "dev",
    "tmp",
    "run",
    "var/log",
    "var/lib/dpkg",
    "var/cache/ldconfig",
)  # dpkg's own records don't count as remains


def contents(system: Path) -> dict[str, str]:
    """Return every file, folder and link in a system, with a description of each."""
    found = {}
    for path in system.rglob("*"):
        name = path.relative_to(system).as_posix()
        if any(name == each or name.startswith(f"{each}/") for each in PASSING):
            continue
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        elif path.is_file():
            found[name] = f"{path.stat().st_mode:o} {hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}"
        else:
            found[name] = f"{path.stat().st_mode:o}"
    return found


def dpkg(system: Path, *words: str | Path, shared: Path) -> None:
    """Run dpkg as a system's root, with one of our folders on its /mnt, and without a network."""
    walls = ["bwrap", "--unshare-user", "--uid", "0", "--gid", "0", "--unshare-net", "--die-with-parent"]
    walls += ["--bind", str(system), "/", "--proc", "/proc", "--dev", "/dev", "--ro-bind", str(shared), "/mnt"]
    path = ["--setenv", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"]
    done = subprocess.run([*walls, *path, "dpkg", *words], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_is_installed_used_from_the_menu_and_removed_without_a_trace(
    tmp_path: Path, screen: Screen, display: str
) -> None:
    if not places.bundles() or not places.can_be_made():
        missing("INKLING_BUNDLES names no bundle, or bubblewrap is missing (Debian: apt install bubblewrap)")
    bundle = min(map(open_bundle, places.bundles()), key=lambda each: list(project.FLAVOURS).index(each.flavour))
    system, home = tmp_path / "system", tmp_path / "home"
    subprocess.run(["cp", "--archive", places.CLEAN_ROOT, system], check=True)
    home.mkdir()
    before = contents(system)
    package = deb.make(bundle, tmp_path)
    dpkg(system, "--install", f"/mnt/{package.name}", shared=tmp_path)
    assert {"usr/bin/inkling", "usr/bin/inkling-cli"} <= contents(system).keys() - before.keys()

    place = Place(bundle.folder, home, display, root=str(system))
    tested = place.run("self-test", program="/usr/bin/inkling-cli")
    assert (tested.returncode, "/usr/lib/inkling/" in tested.stdout) == (0, True)
    (entry,) = (system / "usr" / "share" / "applications").glob("*.desktop")
    (command,) = [line for line in entry.read_text(encoding="utf-8").splitlines() if line.startswith("Exec=")]
    program, *fields = shlex.split(command.removeprefix("Exec="))
    assert fields == ["%F"]
    process = place.start(program=f"/usr/bin/{program}")
    try:
        person = Person(screen, process)
        person.point_at("Inkling")
        assert person.read(SEVEN) == "7"
        person.close()
    finally:
        process.kill()
        process.wait()

    dpkg(system, "--purge", bundle.package, shared=tmp_path)
    assert contents(system) == before
