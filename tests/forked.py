"""Commands of ``python -m model`` as forks of one process that has TensorFlow loaded, so that loading it costs once.

Each is still a process with its own arguments, environment, folder, streams, umask, signals and exit status. To start
one, run this file as a program: it hands all of that to the process that has TensorFlow, passes signals on, and exits
as the fork does. A test of what a fresh interpreter imports, or of a replaced library, starts an interpreter instead.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys

TYPE_CHECKING = False  # importing typing would add a third to the time that all other imports here take
if TYPE_CHECKING:
    import subprocess
    from typing import Any

STREAMS = (0, 1, 2)
PASSED_ON = (signal.SIGTERM, signal.SIGINT)
LONGEST_REQUEST = 1_000_000  # bytes


def program(address: str) -> list[str]:
    """Return what replaces ``python -m model`` when a process serves at an address."""
    return [sys.executable, "-I", "-S", __file__, address]


def started(address: str, *before: str) -> subprocess.Popen[bytes]:
    """Start a process that serves at an address until its standard input closes. Its start takes seconds; callers wait.

    ``before`` is the command of a program to start it with, if any.
    """
    import subprocess  # noqa: PLC0415  (a client doesn't need it)

    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(_name(address))
        listening.listen(100)
        number = listening.fileno()
        words = [*before, sys.executable, "-m", "tests.forked", "--serve", address, str(number)]
        folder = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120  (pathlib takes as long as everything else)
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, pass_fds=[number], cwd=folder)


def _name(address: str) -> str:
    return f"\0{address}"  # Linux has addresses that aren't files


def ask(address: str, words: list[str]) -> int:
    """Have a fork run a command, pass signals on to it, and return its status as the system reports it."""
    import resource  # noqa: PLC0415  (Windows has none)

    mask = os.umask(0)
    os.umask(mask)
    open_streams = [stream for stream in STREAMS if _is_open(stream)]
    server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server.connect(_name(address))
    request = {
        "words": words,
        "environment": dict(os.environ),
        "folder": os.getcwd(),  # noqa: PTH109  (as above)
        "umask": mask,
        "group": os.getpgrp(),
        "largest_file": resource.getrlimit(resource.RLIMIT_FSIZE),
        "streams": open_streams,
    }
    signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)  # until there's a process to pass them on to
    socket.send_fds(server, [json.dumps(request).encode()], open_streams)
    process = int(server.recv(100) or sys.exit("the process that has TensorFlow has ended"))
    for number in PASSED_ON:
        signal.signal(number, lambda number, _frame: os.kill(process, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
    return int(server.recv(100) or signal.SIGKILL)


def _is_open(stream: int) -> bool:
    try:
        os.fstat(stream)
    except OSError:
        return False
    return True


def end_like(status: int) -> None:
    """End this process the way another one ended."""
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status))


def serve(listening: socket.socket) -> list[str] | None:
    """Fork for each request, until standard input closes. It returns in each fork, too, with its arguments."""
    forks: dict[int, tuple[socket.socket, int]] = {}  # what signals their end -> the client, and the process
    while True:
        clients = dict(forks.values())
        watched: list[Any] = [0, listening, *forks, *clients]
        ready = select.select(watched, [], [])[0]
        if 0 in ready:
            for process in clients.values():
                os.kill(process, signal.SIGKILL)
            return None
        for each in ready:
            if each is listening:
                client, _address = listening.accept()
                content, streams, _flags, _from = socket.recv_fds(client, LONGEST_REQUEST, len(STREAMS))
                process = os.fork()
                if not process:
                    for mine in (listening, client, *clients):
                        mine.close()
                    return _become(json.loads(content), streams)
                for stream in streams:
                    os.close(stream)
                with contextlib.suppress(OSError):  # it was killed
                    client.sendall(b"%d" % process)
                forks[os.pidfd_open(process)] = client, process
            elif each in forks:
                client, process = forks.pop(each)
                status = os.waitpid(process, 0)[1]
                with contextlib.suppress(OSError):  # as above
                    client.sendall(b"%d" % status)
                client.close()
                os.close(each)
            elif each.fileno() >= 0:  # the client was killed, and its fork still runs
                os.kill(clients[each], signal.SIGKILL)


def _become(request: dict[str, Any], streams: list[int]) -> list[str]:
    """Make this process like the client that asked for it, and return its arguments."""
    import resource  # noqa: PLC0415  (as above)

    with contextlib.suppress(OSError):  # its group has ended
        os.setpgid(0, request["group"])
    for stream in STREAMS:
        os.close(stream)
    for stream, received in zip(request["streams"], streams, strict=True):
        os.dup2(received, stream)
        os.close(received)
    os.chdir(request["folder"])
    os.umask(request["umask"])
    os.environ.clear()
    os.environ.update(request["environment"])
    resource.setrlimit(resource.RLIMIT_FSIZE, request["largest_file"])
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        errors = "backslashreplace" if name == "stderr" else "strict"
        is_there = number in request["streams"]
        setattr(sys, name, os.fdopen(number, mode, -1, encoding, errors, closefd=False) if is_there else None)
    words: list[str] = request["words"]
    return words


def _load() -> None:
    """Import whatever a command may import late, so that no fork has to."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # as commands do before importing it
    os.environ.setdefault("JOBLIB_MULTIPROCESSING", "0")
    import importlib  # noqa: PLC0415  (as above)
    import pkgutil  # noqa: PLC0415  (as above)

    import model  # noqa: PLC0415  (as above)

    for module in pkgutil.walk_packages(model.__path__, "model."):
        if module.name != "model.__main__":
            importlib.import_module(module.name)


def _main() -> None:
    if sys.argv[1] != "--serve":
        end_like(ask(sys.argv[1], sys.argv[2:]))
    _load()
    from model.__main__ import main  # noqa: PLC0415  (as above)
    from model.base import own_process  # noqa: PLC0415  (as above)

    own_process.program = lambda: program(sys.argv[2])
    gc.freeze()  # otherwise each fork's garbage collector would write to these pages, and so copy them
    with socket.socket(fileno=int(sys.argv[3])) as listening:
        words = serve(listening)
    if words is not None:
        try:
            status = main(words)
        except SystemExit as end:
            status = int(end.code or 0)
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, OSError):  # it wasn't there, or isn't any more
                stream.flush()
        os._exit(status)  # shutting the interpreter down with all of TensorFlow would take a second


if __name__ == "__main__":
    _main()
