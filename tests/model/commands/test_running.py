"""A command whose work doesn't stop when it's cancelled."""

import subprocess
import sys
from pathlib import Path

from model.base import events
from tests.conftest import ROOT, on_linux
from tests.screen import PATIENCE

HANGS = """
import argparse, sys, time
from pathlib import Path
from model.base import events
from model.bundle.bundle import making
from model.commands import running

def work(arguments, report):
    with making(arguments.output):
        report(events.Stage("hanging"))
        while True:
            try:
                time.sleep(60)
            except KeyboardInterrupt:
                pass

running._loaded = lambda _command: work
words = {"events": True, "command": "train", "what": "", "loading": "", "needs": "", "stages": False}
sys.exit(running.run(argparse.Namespace(**words, check=lambda _arguments: None, output=Path(sys.argv[1]))))
"""


@on_linux
def test_work_that_hangs_is_ended_and_leaves_nothing(tmp_path: Path) -> None:
    place = tmp_path / "models" / "new"
    words = [sys.executable, "-c", HANGS, str(place)]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        assert events.from_line(child.stdout.readline()) == events.Stage("hanging")
        assert list(place.parent.iterdir())
        child.stdin.close()
        assert events.from_line(child.stdout.read()) == events.Cancelled()
        assert child.wait(PATIENCE) == 130
    assert not list(place.parent.iterdir())
