"""A trainer that misbehaves, started in place of ours; its arguments are how it misbehaves, and the random seed."""

import json
import os
import random
import signal
import sys
import time

STAGE = {"event": "stage", "doing": "reading the data"}
PROGRESS = {"event": "progress", "epoch": 1, "step": 7, "loss": 0.5, "accuracy": 0.5}
FINISHED = {"event": "finished", "output": "nowhere", "seconds": 1.0, "accuracy": 0.5}
FAILED = {"event": "failed", "message": "It did not work; try again.", "instead": ""}


def say(*events: object) -> None:
    """Print events as a trainer does."""
    for event in events:
        os.write(1, json.dumps(event).encode() + b"\n")


def dies(chance: random.Random) -> None:
    """Exit abruptly, by a signal or a status, after some events or in the middle of one."""
    say(*[STAGE, PROGRESS][: chance.randrange(3)])
    if chance.random() < 0.5:
        os.write(1, json.dumps(FINISHED).encode()[: chance.randrange(1, 40)])
    time.sleep(chance.choice((0, 0.05)))
    if chance.random() < 0.5:
        os.kill(os.getpid(), chance.choice((signal.SIGKILL, signal.SIGABRT, signal.SIGTERM, signal.SIGHUP)))
    os._exit(chance.choice((0, 1, 3, 70, 255)))


def hangs(chance: random.Random) -> None:
    """Do nothing, whatever it's asked."""
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    say(*[STAGE, PROGRESS][: chance.randrange(3)])
    time.sleep(600)


def floods(chance: random.Random) -> None:
    """Print as fast as the output is read, until the end."""
    where = chance.choice((1, 2))
    what = chance.choice((b"x" * 100_000, b"a line\n" * 10_000, (json.dumps(PROGRESS).encode() + b"\n") * 1000))
    while True:
        os.write(where, what)


def talks_nonsense(chance: random.Random) -> None:
    """Print what isn't an event, or nearly one; give a last event or none, and go on after it."""
    said = [
        *(b"\xff\xfe\n", b"\0" * 5000 + b"\n", b"[" * 100_000 + b"\n", b'{"event": ["stage"]}\n', b"{}\n", b"7\n"),
        *(b'{"event": "progress"}\n', b'{"event": "stage", "doing": "\xff"}\n', b'{"event": "finished"}\n', b"\n"),
        *(b'{"event": "compared", "current": 1, "new": 2, "differences": 3, "images": 4}\n', b"1e999\n", b"\r\r\n"),
        *(json.dumps(each).encode() + b"\n" for each in (STAGE, PROGRESS, FINISHED, FAILED)),
        chance.randbytes(300),
    ]
    for part in chance.sample(said, chance.randrange(1, len(said))):
        os.write(1, part[: chance.randrange(len(part)) or None] if chance.random() < 0.3 else part)
    os._exit(chance.choice((0, 0, 1)))


def lives_on(chance: random.Random) -> None:
    """Close all its output, and stay."""
    say(STAGE, *[FINISHED, FAILED][: chance.randrange(3)])
    for number in chance.choice(((1,), (1, 2), (0, 1, 2))):
        os.close(number)
    time.sleep(600)


def leaves_a_child(chance: random.Random) -> None:
    """Exit while a process that it started still holds the pipes."""
    say(STAGE, *[FINISHED, FAILED][: chance.randrange(3)])
    if os.fork():
        os._exit(chance.choice((0, 1)))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def says_nothing(_chance: random.Random) -> None:
    """Exit successfully, without a word."""


if __name__ == "__main__":
    globals()[sys.argv[1]](random.Random(sys.argv[2]))
