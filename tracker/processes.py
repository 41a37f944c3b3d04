"""Processes that run beside each other until the program is told to stop: the web server and the worker."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 15
# A process that dies this often, each time within so many seconds, is not started again.
TRIES, SHORT_LIFE = 5, 10


class Process:
    """One program, kept running: when it dies it is started again."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path):
        self.name = name
        self._command, self._environment, self._folder = command, environment, folder
        self._early_deaths = 0
        self.start()

    def start(self) -> None:
        """Start the program in a session of its own, so that a Ctrl-C reaches this process alone."""
        self._started = time.monotonic()
        self._running = subprocess.Popen(
            self._command,
            env=dict(self._environment),
            cwd=self._folder,
            start_new_session=True,
            preexec_fn=end_with_parent if sys.platform == "linux" else None,
        )

    def alive(self) -> bool:
        """Whether the program runs."""
        return self._running.poll() is None

    def revive(self) -> bool:
        """Start the dead program again; False if it has died too often."""
        self._early_deaths = self._early_deaths + 1 if time.monotonic() - self._started < SHORT_LIFE else 1
        self._kill_group()
        if self._early_deaths >= TRIES:
            return False
        self.start()
        return True

    def ask_to_end(self) -> None:
        """Ask the program to finish what it does and to end."""
        self._running.terminate()

    def end(self, deadline: float) -> None:
        """Wait for the program until the deadline, a value of the monotonic clock; then end all that is left of it."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._running.wait(max(0.1, deadline - time.monotonic()))
        self._kill_group()
        self._running.wait()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)


def end_with_parent() -> None:
    """Have Linux end this process when the one that started it is killed, or a web server would keep the port."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def run_until_told(
    start: Callable[[], list[Process]],
    say: Callable[[str], None],
    tend: Callable[[], None],
    watched: Sequence[Path] = (),
) -> int:
    """Run the processes until Ctrl-C, SIGTERM or SIGHUP ends them all; returns the exit code, 0 for such an end.

    `tend` is called twice a second, to look after what else they need. With `watched`, all of them are started again
    when a file in these folders changes.
    """
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: told.set())
    processes = start()
    seen = changes(watched)
    code = 0
    try:
        while not told.wait(0.5):
            tend()
            for process in processes:
                if process.alive():
                    continue
                say(f"The {process.name} has ended; starting it again.")
                if not process.revive():
                    say(f"The {process.name} ends each time it is started: its last lines above say why.")
                    code = 1
                    told.set()
            now = changes(watched)
            if now != seen:
                seen = now
                say("A file has changed; starting again.")
                stop(processes)
                processes = start()
    finally:
        stop(processes)
    return code


def stop(processes: Sequence[Process]) -> None:
    """End the processes, all at once and cleanly, within STOP_SECONDS."""
    for process in processes:
        process.ask_to_end()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        process.end(deadline)


def changes(watched: Sequence[Path]) -> dict[Path, int]:
    """When each source file of the folders was last changed."""
    found = {}
    for folder in watched:
        for pattern in ("*.py", "*.html", "*.csv"):
            for file in folder.rglob(pattern):
                with contextlib.suppress(FileNotFoundError):
                    found[file] = file.stat().st_mtime_ns
    return found
