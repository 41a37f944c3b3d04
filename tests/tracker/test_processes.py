"""Programs that are kept running, and ended cleanly."""

import os
import signal
import sys
import time

import psutil
import pytest

from tests.tracker.servers import python
from tracker.processes import TRIES, Process, changes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper(tmp_path):
    process = Process("sleeper", SLEEP, os.environ, tmp_path)
    yield process
    process.end(time.monotonic())


def pid(process: Process) -> int:
    return process._running.pid


def test_killed_program_is_started_again(sleeper):
    first = pid(sleeper)
    os.kill(first, signal.SIGKILL)
    sleeper._running.wait()
    assert sleeper.revive()
    assert sleeper.alive()
    assert pid(sleeper) != first


def test_program_that_always_dies_is_given_up(tmp_path):
    process = Process("dying", [sys.executable, "-c", ""], os.environ, tmp_path)
    revivals = 0
    while True:
        process._running.wait()
        if not process.revive():
            break
        revivals += 1
    assert revivals == TRIES - 1


def test_program_that_ignores_the_request_is_ended_with_all_it_started(tmp_path):
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"subprocess.Popen({SLEEP!r}); open('ready', 'w').close(); time.sleep(60)"
    )
    process = Process("stubborn", [sys.executable, "-c", code], os.environ, tmp_path)
    while not (tmp_path / "ready").exists():
        time.sleep(0.02)
    child = psutil.Process(pid(process)).children()[0]
    process.ask_to_end()
    process.end(time.monotonic() + 0.2)
    child.wait(5)
    assert not process.alive()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_program_ends_when_its_starter_is_killed(tmp_path):
    starter = python(
        "import os, sys, time; from pathlib import Path; from tracker.processes import Process;"
        f"process = Process('sleeper', {SLEEP!r}, os.environ, Path({str(tmp_path)!r}));"
        "print(process._running.pid, flush=True); time.sleep(60)"
    )
    child = psutil.Process(int(starter.stdout.readline()))
    starter.kill()
    starter.communicate()
    child.wait(5)


def test_changed_file_is_seen(tmp_path):
    file = tmp_path / "deep" / "module.py"
    file.parent.mkdir()
    file.write_text("first")
    (tmp_path / "data.bin").write_text("not watched")
    before = changes([tmp_path])
    assert list(before) == [file]
    os.utime(file, ns=(0, before[file] + 1))
    assert changes([tmp_path]) != before
