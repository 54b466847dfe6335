"""A real Dask scheduler and two worker processes on loopback, one killed mid-run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from borderlab.base.problems import InputError
from borderlab.explore.running.execute import run_missing
from borderlab.explore.running.plan import Plan
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
    yield address, processes[1:]
    for process in processes:
        process.kill()
        process.wait()


def test_a_worker_killed_mid_run_changes_nothing(tmp_path, cluster):
    address, workers = cluster
    from distributed import Client

    with Client(address, timeout=20, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
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


def test_no_scheduler_there(tmp_path, monkeypatch):
    monkeypatch.setattr("borderlab.explore.running.cluster._CONNECT_SECONDS", 1)
    store = Store.create(tmp_path / "run", Plan("toy", {}, 10, 5))
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        run_missing(store, scheduler=f"tcp://127.0.0.1:{free_port()}")
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        run_missing(store, scheduler="nonsense")
