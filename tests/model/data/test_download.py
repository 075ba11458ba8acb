"""MNIST's download, from real servers on this machine that work well or badly."""

import hashlib
import json
import os
import re
import signal
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import trustme

from model.base import events
from model.data import data, download
from model.data.refused import DataError
from model.given import loading
from tests.conftest import on_linux, run, save_npz, ten_patterns
from tests.screen import PATIENCE

Answer = Callable[[BaseHTTPRequestHandler], None]
KEPT = "datasets/mnist.npz"  # in Keras' folder


class Network:
    """A server in MNIST's place, whose answers a test decides, and an empty folder for Keras."""

    def __init__(self, folder: Path):
        self.keras = folder / "keras"
        self.file = save_npz(folder / "served.npz", **ten_patterns(40, 10)).read_bytes()
        self.requests = 0
        self.over = threading.Event()  # set when the test is done: for answers that never end
        self.answer: Answer = self.whole

    def whole(self, request: BaseHTTPRequestHandler) -> None:
        """Answer as MNIST's server does."""
        head(request, len(self.file))
        request.wfile.write(self.file)

    def left(self) -> list[str]:
        """Return what's in the folder where Keras keeps data."""
        return sorted(path.name for path in (self.keras / "datasets").iterdir())


def head(request: BaseHTTPRequestHandler, length: int | None = None, status: int = 200) -> None:
    request.send_response(status)
    if length is not None:
        request.send_header("Content-Length", str(length))
    request.end_headers()


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    network = Network(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            network.requests += 1
            network.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setattr(download, "SHA256", hashlib.sha256(network.file).hexdigest())
    monkeypatch.setenv("KERAS_HOME", str(network.keras))
    monkeypatch.setenv("no_proxy", "*")
    with serving(Handler) as port:
        monkeypatch.setattr(download, "URL", f"http://127.0.0.1:{port}/mnist.npz")
        yield network
        network.over.set()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], certificate: trustme.LeafCert | None = None) -> Iterator[int]:
    """Serve on a port of this machine, encrypted if there's a certificate, and yield the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is part of the tests
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_mnist_is_downloaded_once_and_kept_where_keras_keeps_it(network: Network) -> None:
    for _ in range(2):
        loaded = data.load()
        assert np.array_equal(loaded.train_images, ten_patterns(40, 10)["x_train"])
        assert loaded.source == "keras.datasets.mnist"
    assert network.requests == 1
    assert (network.keras / KEPT).read_bytes() == network.file
    assert network.left() == ["mnist.npz"]


def test_who_asks_for_it_is_told_how_far_it_is(network: Network) -> None:
    told: list[events.Event] = []
    assert loading.load(None, told.append).source == "keras.datasets.mnist"
    assert told[-1] == events.Downloading(len(network.file), download.SIZE)
    assert all(isinstance(each, events.Downloading) for each in told)


def test_without_keras_home_it_is_kept_in_the_user_s_home(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_HOME")
    data.load()
    assert (Path.home() / ".keras" / KEPT).read_bytes() == network.file


def test_it_is_the_file_that_keras_itself_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    from keras.datasets.mnist import load_data  # noqa: PLC0415  (seconds)

    asked: dict[str, str] = {}

    def get_file(**words: str) -> None:
        asked.update(words)
        raise InterruptedError

    monkeypatch.setitem(load_data.__globals__, "get_file", get_file)
    with pytest.raises(InterruptedError):
        load_data()
    assert (asked["origin"], asked["file_hash"], asked["fname"]) == (download.URL, download.SHA256, Path(KEPT).name)


def breaks_off(request: BaseHTTPRequestHandler) -> None:
    head(request, 10_000)
    request.wfile.write(bytes(5_000))


def is_torn_off(request: BaseHTTPRequestHandler) -> None:
    breaks_off(request)
    request.wfile.flush()
    # So that closing resets the connection instead of ending it.
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    request.connection.close()


def breaks_off_in_a_chunk(request: BaseHTTPRequestHandler) -> None:
    request.protocol_version = "HTTP/1.1"
    request.send_response(200)
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    request.wfile.write(b"1000\r\n" + bytes(100))
    request.close_connection = True


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True


def ends_early_without_a_length(request: BaseHTTPRequestHandler) -> None:
    head(request)
    request.wfile.write(bytes(5_000))


def answers_html(request: BaseHTTPRequestHandler) -> None:
    page = b"<!DOCTYPE html><title>Sign in</title>"
    head(request, len(page))
    request.wfile.write(page)


def answers_nothing(request: BaseHTTPRequestHandler) -> None:
    head(request, 0)


def speaks_no_http(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (breaks_off, "the connection broke off"),
        (is_torn_off, "the connection broke off"),
        (breaks_off_in_a_chunk, "the connection broke off"),
        (hangs_up, "the connection broke off"),
        (ends_early_without_a_length, "the download isn't MNIST's file"),
        (answers_html, "the download isn't MNIST's file"),
        (answers_nothing, "the download isn't MNIST's file"),
        (speaks_no_http, "what answered isn't a web server"),
        (lambda request: request.send_error(404), "the server said 404 Not Found"),
        (lambda request: request.send_error(500), "the server said 500 Internal Server Error"),
    ],
)
def test_a_failed_download_says_why_leaves_nothing_and_can_be_tried_again(
    network: Network, answer: Answer, words: str
) -> None:
    network.answer = answer
    sentence = (
        f"^MNIST couldn't be downloaded from {download.URL}: {words}.*; try again, or choose an .npz or .csv file .*"
    )
    with pytest.raises(DataError, match=sentence) as caught:
        data.load()
    assert "\n" not in str(caught.value)
    assert network.left() == []
    network.answer = network.whole
    assert len(data.load().train_images) == 40


def test_a_server_that_is_not_there_gets_a_sentence(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    good = download.URL
    monkeypatch.setattr(download, "URL", f"http://127.0.0.1:{closed_port()}/mnist.npz")
    with pytest.raises(DataError, match=r": the server can't be reached \([^\[]+\); try again, or choose"):
        data.load()
    assert network.left() == []
    monkeypatch.setattr(download, "URL", good)
    assert len(data.load().train_images) == 40


@pytest.mark.parametrize("sent", [None, 0, 5_000])
def test_a_server_that_falls_silent_is_not_waited_for(
    network: Network, monkeypatch: pytest.MonkeyPatch, sent: int | None
) -> None:
    def falls_silent(request: BaseHTTPRequestHandler) -> None:
        if sent is not None:
            head(request, 10_000)
            request.wfile.write(bytes(sent))
        network.over.wait(PATIENCE)

    network.answer = falls_silent
    monkeypatch.setattr(download, "TIMEOUT", 0.5)
    with pytest.raises(DataError, match=r": the server sent nothing for 0\.5 seconds; try again, or choose"):
        data.load()
    assert network.left() == []
    assert socket.getdefaulttimeout() is None  # this process's other connections keep their timeout


def test_a_slow_server_is_waited_for(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    def drips(request: BaseHTTPRequestHandler) -> None:
        head(request, len(network.file))
        part = len(network.file) // 10
        for start in range(0, len(network.file), part):
            request.wfile.write(network.file[start : start + part])
            request.wfile.flush()
            time.sleep(0.2)

    network.answer = drips
    monkeypatch.setattr(download, "TIMEOUT", 1.0)
    began = time.monotonic()
    assert len(data.load().train_images) == 40
    assert time.monotonic() - began > download.TIMEOUT  # each wait is limited, but not their sum


@pytest.mark.parametrize("content", [b"", b"<html>", "half"])
def test_a_damaged_file_in_keras_folder_is_downloaded_again(network: Network, content: bytes | str) -> None:
    kept = network.keras / KEPT
    kept.parent.mkdir(parents=True)
    kept.write_bytes(network.file[: len(network.file) // 2] if isinstance(content, str) else content)
    network.answer = breaks_off
    with pytest.raises(DataError, match="the connection broke off"):
        data.load()
    network.answer = network.whole
    assert len(data.load().train_images) == 40
    assert kept.read_bytes() == network.file
    assert network.requests == 2


@on_linux
def test_an_interrupt_leaves_nothing_behind(network: Network) -> None:
    def is_interrupted(request: BaseHTTPRequestHandler) -> None:
        breaks_off(request)
        request.wfile.flush()
        time.sleep(1.5)  # now the download waits for the rest; raised elsewhere, it could end up in some `__del__`
        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, signal.SIGINT)
        time.sleep(1)  # and the connection's end doesn't wake it

    network.answer = is_interrupted
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a process that runs tests may ignore the signal
    try:
        with pytest.raises(KeyboardInterrupt):
            data.load()
    finally:
        signal.signal(signal.SIGINT, before)
    assert network.left() == []
    assert socket.getdefaulttimeout() is None


def test_a_folder_that_cannot_be_written_gets_a_sentence(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    network.keras.write_text("a file in the folder's place")
    with pytest.raises(
        DataError, match=r"can't be saved where .*; set KERAS_HOME to a folder .*; try again, or choose"
    ):
        data.load()
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # a user without a name and without HOME
    with pytest.raises(DataError, match=r"can't be saved where .* home"):
        data.load()
    assert network.requests == 0


def test_the_training_s_command_tells_it_as_its_one_event(tmp_path: Path) -> None:
    """In its own process, on its way to the real server, behind a proxy that doesn't exist."""
    proxy = {"https_proxy": f"http://127.0.0.1:{closed_port()}", "no_proxy": "", "KERAS_HOME": str(tmp_path)}
    done = run("model", "train", "--events", "--output", tmp_path / "new", **proxy)
    (line,) = done.stdout.splitlines()
    event = json.loads(line)
    assert event["event"] == "failed"
    assert re.match(rf"MNIST couldn't be downloaded from {re.escape(download.URL)}: .*; try again", event["message"])
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    assert not (tmp_path / "new").exists()


class Encrypted:
    """Encrypted servers in MNIST's place, each with a certificate, and the authority that this machine trusts."""

    def __init__(self, network: Network, servers: ExitStack, monkeypatch: pytest.MonkeyPatch, trusted: Path):
        self.authority = trustme.CA()
        self._network, self._servers, self._monkeypatch = network, servers, monkeypatch
        self.authority.cert_pem.write_to_path(trusted)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        monkeypatch.setenv("SSL_CERT_DIR", str(trusted.parent / "none"))

    def serve(self, certificate: trustme.LeafCert, answer: Answer | None = None) -> str:
        """Start a server with this answer, by default MNIST, and return its address, from which MNIST is downloaded."""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:  # noqa: N805  (the other self is the test's)
                self._network.requests += 1
                (answer or self._network.whole)(handler)

            def log_message(self, *_: object) -> None:
                pass

        port = self._servers.enter_context(serving(Handler, certificate))
        url = f"https://127.0.0.1:{port}/mnist.npz"
        self._monkeypatch.setattr(download, "URL", url)
        return url


@pytest.fixture
def encrypted(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Encrypted]:
    with ExitStack() as servers:
        yield Encrypted(network, servers, monkeypatch, tmp_path / "trusted.pem")


def refused(network: Network, words: str) -> None:
    """Check that the download fails with these words in a sentence, and leaves nothing."""
    sentence = f"^MNIST couldn't be downloaded from {re.escape(download.URL)}: {words}; try again, or choose an .npz"
    with pytest.raises(DataError, match=sentence) as caught:
        data.load()
    assert "\n" not in str(caught.value)
    assert network.left() == []


def sends_to(url: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", url)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def test_it_comes_encrypted_by_default() -> None:
    assert download.URL.startswith("https://")


def test_a_server_that_proves_itself_is_taken_from(network: Network, encrypted: Encrypted) -> None:
    encrypted.serve(encrypted.authority.issue_cert("127.0.0.1"))
    assert len(data.load().train_images) == 40
    assert network.left() == ["mnist.npz"]


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        (lambda _ours: trustme.CA().issue_cert("127.0.0.1"), "unable to get local issuer certificate"),
        (lambda ours: ours.issue_cert("mnist.example"), "IP address mismatch.*"),
        (
            lambda ours: ours.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
            "certificate has expired",
        ),
        (
            lambda ours: ours.issue_cert("127.0.0.1", not_before=datetime(2037, 1, 1, tzinfo=UTC)),
            "certificate is not yet valid",
        ),
    ],
    ids=["of nobody we know", "of another server", "expired", "not yet valid"],
)
def test_a_server_that_cannot_prove_itself_is_not_asked(
    network: Network, encrypted: Encrypted, certificate: Callable[[trustme.CA], trustme.LeafCert], why: str
) -> None:
    encrypted.serve(certificate(encrypted.authority))
    refused(network, rf"the server can't prove that it's the right one \(.*{why}\)")
    assert network.requests == 0


def test_a_server_that_sends_on_to_where_nothing_is_encrypted_is_not_followed(
    network: Network, encrypted: Encrypted
) -> None:
    plain = download.URL  # the right file is there, but could be changed on its way
    encrypted.serve(encrypted.authority.issue_cert("127.0.0.1"), sends_to(plain))
    refused(network, f"the server redirects to {re.escape(plain)}, which isn't encrypted")
    assert network.requests == 1


def test_nor_when_it_does_so_on_the_way(network: Network, encrypted: Encrypted) -> None:
    plain, certificate = download.URL, encrypted.authority.issue_cert("127.0.0.1")
    last = encrypted.serve(certificate, sends_to(plain))
    encrypted.serve(certificate, sends_to(last))
    refused(network, f"the server redirects to {re.escape(plain)}, which isn't encrypted")
    assert network.requests == 2


def test_a_server_that_sends_on_to_another_that_encrypts_is_followed(network: Network, encrypted: Encrypted) -> None:
    certificate = encrypted.authority.issue_cert("127.0.0.1")
    last = encrypted.serve(certificate)
    encrypted.serve(certificate, sends_to(last))
    assert len(data.load().train_images) == 40
    assert network.requests == 2


def test_another_file_is_not_kept_whoever_sends_it(network: Network, encrypted: Encrypted) -> None:
    def answers_another(request: BaseHTTPRequestHandler) -> None:
        head(request, len(network.file))
        request.wfile.write(network.file[:-1] + bytes([network.file[-1] ^ 1]))

    encrypted.serve(encrypted.authority.issue_cert("127.0.0.1"), answers_another)
    refused(network, "the download isn't MNIST's file, but a part of it, or a network's sign-in page.*")
