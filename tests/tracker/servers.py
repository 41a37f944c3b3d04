"""Embedded servers of a test's own, which it may kill and break."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tracker import localdata, localdb


@contextmanager
def scratch_server() -> Iterator[Path]:
    """An empty data folder for this process and those that it starts; its server is stopped at the end."""
    parent = Path(os.environ["TRACKER_TEST_DATA"])
    localdata.make_folder(parent, 0o755)
    # A path with a space, under a folder that the server's account may pass through.
    folder = Path(tempfile.mkdtemp(prefix="scratch of a test ", dir=parent))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_DATA", str(folder))
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("DATABASE_OWNER_URL", raising=False)
        try:
            yield folder
        finally:
            localdb.stop()
            shutil.rmtree(localdb.socket_folder(folder), ignore_errors=True)
            shutil.rmtree(folder)


def python(code: str) -> subprocess.Popen[str]:
    """Another process that runs the code in the checkout."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=localdata.CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
