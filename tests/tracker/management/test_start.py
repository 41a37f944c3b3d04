"""manage.py start, as a process of its own, on the clone of this worker."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
from django.core.management.base import CommandError
from django.db import connection

from tests import databases
from tracker.localdata import CHECKOUT
from tracker.management.commands import start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(port: int, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "start", "--port", str(port)],
        cwd=CHECKOUT,
        env=os.environ | {"DEMO": "0", "WEB_PROCESSES": "1"} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def running(port: int) -> Iterator[subprocess.Popen[str]]:
    process = command(port)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def answers(process: subprocess.Popen[str], port: int) -> int | None:
    """The status of /healthz once somebody answers."""
    deadline = time.monotonic() + 40
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            time.sleep(0.1)
    return None


def workers_alive() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return cursor.fetchone()[0]


def child(process: subprocess.Popen[str], word: str) -> psutil.Process:
    return next(each for each in psutil.Process(process.pid).children() if word in each.cmdline())


@pytest.mark.django_db(transaction=True)
def test_serves_survives_a_killed_web_server_and_ends_cleanly():
    port = free_port()
    start.Stamp().put("reference", start.fingerprint(start.REFERENCE))
    with running(port) as process:
        assert answers(process, port) == 200
        deadline = time.monotonic() + 20
        while not workers_alive() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert workers_alive() == 1

        killed = child(process, "granian")
        killed.kill()
        killed.wait(10)
        assert answers(process, port) == 200

        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        assert process.returncode == 0, output
        assert f"http://127.0.0.1:{port}/" in output
        assert "createsuperuser" in output
        assert "Traceback" not in output
        gone, alive = psutil.wait_procs(family, timeout=5)
        assert not alive
        assert workers_alive() == 0


@pytest.mark.django_db(transaction=True)
def test_taken_port_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = command(port)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.fullmatch(rf"CommandError: Port {port} is taken .* PORT={port + 1}\.\n", output)


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [("127.0.0.1", "http", "PORT is"), ("127.0.0.1", "99999", "PORT is"), ("no.such.host.invalid", "8000", "HOST is")],
)
def test_bad_address_is_one_sentence(host, port, said):
    with pytest.raises(CommandError, match=said):
        start.Command().handle(host=host, port=port, dev=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "::1"])
def test_loopback_may_have_the_demo(host):
    start.refuse_beyond_loopback(host, "remedy")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "tracker.example"])
def test_demo_is_refused_beyond_loopback(host):
    with pytest.raises(CommandError, match="demo sign-in would be open to others: remedy"):
        start.refuse_beyond_loopback(host, "remedy")


@pytest.mark.django_db
def test_demo_that_is_there_is_refused_beyond_loopback(django_user_model):
    django_user_model.objects.create_user("someone", demo=True)
    stamp = start.Stamp()
    start.Command().load_demo(stamp, "127.0.0.1")
    with pytest.raises(CommandError, match="demo remove"):
        start.Command().load_demo(stamp, "0.0.0.0")


@pytest.mark.django_db
def test_stamp_belongs_to_one_database():
    stamp = start.Stamp()
    stamp.put("reference", "abc")
    assert start.Stamp().get("reference") == "abc"
    other = start.Stamp()
    other.database = "another"
    assert other.get("reference") is None


def test_fingerprint_changes_with_any_file(tmp_path):
    (tmp_path / "a.csv").write_text("1")
    before = start.fingerprint(tmp_path)
    (tmp_path / "b.csv").write_text("")
    added = start.fingerprint(tmp_path)
    (tmp_path / "a.csv").write_text("2")
    assert len({before, added, start.fingerprint(tmp_path)}) == 3


def test_worker_bypasses_the_pooler():
    variables = start.worker_environment(
        {"DATABASE_URL": "postgresql://pooler", "DATABASE_DIRECT_URL": "postgresql://db"}
    )
    assert variables["DATABASE_URL"] == "postgresql://db"


def test_database_that_cannot_be_reached_is_one_sentence():
    process = command(free_port(), DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in output
    assert "The database cannot be reached" in output.splitlines()[-1]


def test_tests_never_use_the_program_s_own_database():
    assert os.environ["TRACKER_DATA"].endswith("test")
    assert databases.localdb.cluster_folder().is_relative_to(os.environ["TRACKER_DATA"])
