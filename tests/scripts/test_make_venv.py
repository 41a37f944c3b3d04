"""The first thing that `make run` does: what it says where it cannot go on, and that it does nothing twice."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.localdata import CHECKOUT

SCRIPT = CHECKOUT / "scripts" / "make_venv.py"


def run(folder: Path, code: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script in the folder; `code` runs first, and may take something away from Python."""
    wrapped = f"import runpy, sys; {code}\nsys.argv = ['make_venv', 'requirements.txt']; "
    wrapped += f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"
    return subprocess.run([sys.executable, "-c", wrapped], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def checkout(tmp_path) -> Path:
    folder = tmp_path / "a checkout"
    folder.mkdir()
    (folder / "requirements.txt").write_text("-r more.txt\n")
    (folder / "more.txt").write_text("")
    return folder


def test_old_python_is_one_sentence(checkout):
    done = run(checkout, "sys.version_info = (3, 10, 4)")
    assert done.returncode == 1
    assert done.stderr.startswith("This is Python 3.10, and the tracker needs 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_missing_ensurepip_is_one_sentence(checkout):
    done = run(checkout, "sys.modules['ensurepip'] = None")
    assert done.returncode == 1
    assert done.stderr.startswith("This Python has no venv module")
    assert "python3-venv" in done.stderr
    assert done.stderr.count("\n") == 1


def test_full_disk_is_one_sentence(checkout):
    done = run(checkout, "import shutil; shutil.disk_usage = lambda path: shutil._ntuple_diskusage(9, 9, 5_000_000)")
    assert done.returncode == 1
    assert done.stderr == "The disk has 5 MB free, and the packages need 400 MB: make room and try again.\n"


def test_read_only_folder_is_one_sentence(checkout):
    done = run(checkout, "import os; os.access = lambda path, mode: False")
    assert done.returncode == 1
    assert done.stderr == f"{checkout} is read-only for this user: copy the checkout to a folder of your own.\n"


def test_nothing_is_installed_twice(checkout):
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    version = ".".join(map(str, sys.version_info[:2]))
    stamp = checkout / ".venv" / "installed-requirements.txt"
    stamp.write_text(hashlib.sha256(f"{version}-r more.txt\n".encode()).hexdigest())
    broken = "import subprocess; subprocess.run = None"
    done = run(checkout, broken)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (checkout / "more.txt").write_text("something==1\n")
    assert "TypeError" in run(checkout, broken).stderr
