"""A real Dask scheduler and two worker processes on loopback, one killed mid-run."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from borderlab.base.problems import InputError
from borderlab.base.progress import Terminal, watched
from borderlab.explore.running.execute import run_missing
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.scheduler import Scheduler
from borderlab.explore.running.store import Store

pytest.importorskip("distributed")
pytestmark = [pytest.mark.usefixtures("toy_path"), pytest.mark.filterwarnings("ignore")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(module, *words):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-m", f"distributed.cli.{module}", *words], env=dict(os.environ), **quiet)


@pytest.fixture
def cluster(tmp_path):
    address = f"tcp://127.0.0.1:{free_port()}"
    processes = [start("dask_scheduler", "--host", address, "--no-dashboard")]
    for name in ("a", "b"):
        words = [address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name]
        processes.append(start("dask_worker", *words, "--local-directory", str(tmp_path / name)))
    yield address, processes[1:], processes[0]
    for process in processes:
        process.kill()
        process.wait()


def wait_for(address, workers):
    from distributed import Client

    with Client(address, timeout=20, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=30)


def test_a_worker_killed_mid_run_changes_nothing(tmp_path, cluster):
    address, workers, _ = cluster
    wait_for(address, 2)
    plan = Plan("toy", {"seconds": 0.1}, 120, 5)
    store = Store.create(tmp_path / "run", plan)
    real_put = store.put

    def put_and_kill(number, arrays):
        real_put(number, arrays)
        if len(store.done) == 4:
            workers[0].send_signal(signal.SIGKILL)

    store.put = put_and_kill
    begun = time.monotonic()
    run_missing(store, scheduler=address)
    assert time.monotonic() - begun < 60
    assert store.finished
    assert workers[0].wait(timeout=5) == -signal.SIGKILL
    alone = Store.create(tmp_path / "alone", Plan("toy", {"seconds": 0.0}, 120, 5))
    run_missing(alone, workers=1)
    assert [p.read_bytes() for p in sorted((tmp_path / "run").rglob("*.npz"))] == [
        p.read_bytes() for p in sorted((tmp_path / "alone").rglob("*.npz"))
    ]


def run_with(tmp_path, scheduler, **inputs):
    store = Store.create(tmp_path / "run", Plan("toy", inputs, 60, 5))
    run_missing(store, scheduler=scheduler)
    return store


def test_no_scheduler_there(tmp_path, monkeypatch):
    monkeypatch.setattr("borderlab.explore.running.cluster._CONNECT_SECONDS", 1)
    store = Store.create(tmp_path / "run", Plan("toy", {}, 10, 5))
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        run_missing(store, scheduler=f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(InputError, match="no address of a Dask scheduler"):
        run_missing(store, scheduler="nonsense")


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "tcp://", "tcp://:8786", "tcp://127.0.0.1", "tcp://127.0.0.1:0", "tcp://127.0.0.1:99999",
     "http://127.0.0.1:8786", "inproc://127.0.0.1:1", "ucx://127.0.0.1:1", "tcp://127.0.0.1:1/x", "a b:1", "x" * 9999,
     "tcp://[::1:8786", "tcp://127.0.0.1:87x6", "tcp://127.0.0.1:8786\n", "tcp://\udc80:1", "tcp://a@b:1"],
)  # fmt: skip
def test_what_is_no_address_is_refused_at_once(address):
    begun = time.monotonic()
    with pytest.raises(InputError, match="no address of a Dask scheduler"):
        Scheduler.at(address)
    assert time.monotonic() - begun < 0.5


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "cluster.example.org:8786", "tcp://[2001:db8::1]:1"])
def test_plain_tcp_to_another_machine_needs_a_word(address):
    with pytest.raises(InputError, match="is on another machine"):
        Scheduler.at(address)
    assert Scheduler.at(address, insecure=True).scheme == "tcp"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "localhost:8786", "tcp://[::1]:8786", "tcp://127.9.9.9:1"])
def test_this_machine_needs_none(address):
    assert Scheduler.at(address).here


def test_a_name_that_looks_local_is_another_machine():
    for host in ("localhost.example.org", "127.0.0.1.example.org", "0.0.0.0"):
        with pytest.raises(InputError, match="is on another machine"):
            Scheduler.at(f"tcp://{host}:8786")


@pytest.fixture
def stranger():
    """A server that does with each caller what it is told."""
    server = socket.create_server(("127.0.0.1", 0))
    held = []

    def serve(act):
        def loop():
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                held.append(caller)
                act(caller)

        threading.Thread(target=loop, daemon=True).start()
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"

    yield serve
    server.close()
    for caller in held:
        caller.close()


def http(caller):
    caller.settimeout(0.2)
    try:
        caller.recv(1000)
    except TimeoutError:
        caller.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


STRANGERS = {
    "silent": lambda caller: None,
    "http": http,
    "ssh": lambda caller: caller.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "closing": lambda caller: caller.close(),
    "noise": lambda caller: caller.sendall(os.urandom(4096)),
    "frames that never come": lambda caller: caller.sendall((2).to_bytes(8, "little")),
    "frames without end": lambda caller: caller.sendall((1).to_bytes(8, "little") + (2**62).to_bytes(8, "little")),
    "a pickle": lambda caller: caller.sendall((1).to_bytes(8, "little") * 2 + pickle.dumps({"a": 1})),
}


@pytest.mark.parametrize("act", STRANGERS.values(), ids=STRANGERS)
def test_what_is_no_scheduler_is_said_in_one_message_and_soon(tmp_path, monkeypatch, capfd, stranger, act):
    monkeypatch.setattr("borderlab.explore.running.scheduler.CONNECT_SECONDS", 1.0)
    monkeypatch.setattr("borderlab.explore.running.cluster._CONNECT_SECONDS", 2)
    begun = time.monotonic()
    with pytest.raises(InputError, match="no Dask scheduler answers at"):
        run_with(tmp_path, stranger(act))
    assert time.monotonic() - begun < 15
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_a_scheduler_lost_in_the_middle_leaves_a_run_that_goes_on(tmp_path, monkeypatch, capfd, cluster, how):
    monkeypatch.setattr("borderlab.explore.running.cluster._CONNECT_SECONDS", 3)
    address, _, scheduler = cluster
    wait_for(address, 2)
    store = Store.create(tmp_path / "run", Plan("toy", {"seconds": 0.3}, 200, 5))
    real_put = store.put

    def put_and_stop(number, arrays):
        real_put(number, arrays)
        if len(store.done) == 3:
            scheduler.send_signal(how)

    store.put = put_and_stop
    begun = time.monotonic()
    with pytest.raises(InputError, match="was lost"), watched(Terminal()):
        run_missing(store, scheduler=address)
    assert time.monotonic() - begun < 40
    err = capfd.readouterr().err
    assert "Traceback" not in err
    assert "chunks are kept" in err
    again = Store.open(tmp_path / "run")
    assert 3 <= len(again.done) < 40
    assert again.missing


def test_a_wrong_result_is_not_kept(tmp_path, cluster):
    address, _, _ = cluster
    wait_for(address, 2)
    for wrong in ("shape", "type", "not finite", "objects", "no arrays", "a list", "raises"):
        folder = tmp_path / wrong
        store = Store.create(folder, Plan("toy", {"wrong": wrong}, 60, 5))
        before = (folder / "journal.json").read_bytes()
        with pytest.raises(InputError, match=r"cannot be right|a worker at .* (failed|gave)"):
            run_missing(store, scheduler=address)
        assert (folder / "journal.json").read_bytes() == before
        assert not list(folder.rglob("*.npz"))
        assert Store.open(folder).done == {}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority with a certificate of its own making, and a stranger's."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ["-newkey", "rsa:2048", "-nodes", "-days", "2"]
    for who in ("ours", "theirs"):
        openssl("req", "-x509", *new, "-keyout", f"{who}-ca.key", "-out", f"{who}-ca.pem", "-subj", f"/CN={who}")
        openssl("req", *new[:-2], "-keyout", f"{who}.key", "-out", f"{who}.csr", "-subj", "/CN=localhost")
        signed = ["-CA", f"{who}-ca.pem", "-CAkey", f"{who}-ca.key", "-CAcreateserial", "-days", "2"]
        openssl("x509", "-req", "-in", f"{who}.csr", *signed, "-out", f"{who}.pem")
    return folder


@pytest.fixture
def tls_cluster(tmp_path, certificates):
    address = f"tls://127.0.0.1:{free_port()}"
    tls = ["--tls-ca-file", str(certificates / "ours-ca.pem"), "--tls-cert", str(certificates / "ours.pem")]
    tls += ["--tls-key", str(certificates / "ours.key")]
    port = address.rsplit(":", 1)[1]
    words = ["--host", "tls://127.0.0.1", "--port", port, "--no-dashboard", *tls]
    processes = [start("dask_scheduler", *words)]
    words = [address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(tmp_path / "w"), *tls]
    processes.append(start("dask_worker", *words))
    yield address
    for process in processes:
        process.kill()
        process.wait()


def at(address, certificates, who="ours", authority="ours"):
    return Scheduler.at(
        address,
        tls_ca=certificates / f"{authority}-ca.pem",
        tls_cert=certificates / f"{who}.pem",
        tls_key=certificates / f"{who}.key",
    )


def until(answers, seconds=30):
    end = time.monotonic() + seconds
    while True:
        try:
            return answers()
        except InputError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def test_a_run_over_tls_and_strangers_kept_out(tmp_path, certificates, tls_cluster):
    until(at(tls_cluster, certificates).check_there)
    store = run_with(tmp_path, at(tls_cluster, certificates))
    assert store.finished
    for who, authority in (("theirs", "ours"), ("ours", "theirs"), ("theirs", "theirs")):
        with pytest.raises(InputError, match="no Dask scheduler answers"):
            run_with(tmp_path / f"{who}-{authority}", at(tls_cluster, certificates, who, authority))
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        run_with(tmp_path / "plain", tls_cluster.replace("tls:", "tcp:"))


def test_certificates_that_are_none(tmp_path, certificates):
    good = {"tls_ca": certificates / "ours-ca.pem", "tls_cert": certificates / "ours.pem"}
    with pytest.raises(InputError, match="--tls-key is missing"):
        Scheduler.at("tls://a:1", **good)
    with pytest.raises(InputError, match="certificates go with a tls:// address"):
        Scheduler.at("tcp://127.0.0.1:1", **good)
    (tmp_path / "rubbish.pem").write_text("rubbish")
    os.mkfifo(tmp_path / "pipe")
    for wrong in ("rubbish.pem", "missing.pem", "pipe", "."):
        for name in ("tls_ca", "tls_cert", "tls_key"):
            files = {**good, "tls_key": certificates / "ours.key", name: tmp_path / wrong}
            with pytest.raises(InputError):
                Scheduler.at("tls://a:1", **files)
    with pytest.raises(InputError, match="is not what TLS needs"):
        Scheduler.at("tls://a:1", **good, tls_key=certificates / "theirs.key")
