"""Where the data lies, under whose account, and what is said when it cannot."""

import errno
import os
import stat
from collections import namedtuple
from pathlib import Path

import pytest

from tests.tracker.servers import python
from tracker import localdata
from tracker.localdata import LocalDatabaseError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root alone changes accounts")


def test_named_folder_counts(monkeypatch, tmp_path):
    monkeypatch.setenv("TRACKER_DATA", str(tmp_path / "data"))
    assert localdata.folder() == tmp_path / "data"


def test_folder_is_var_of_the_checkout(monkeypatch):
    monkeypatch.delenv("TRACKER_DATA")
    monkeypatch.setattr(localdata, "open_to_all", lambda path: True)
    assert localdata.folder() == localdata.CHECKOUT / "var"


@as_root
def test_closed_checkout_of_root_keeps_its_data_elsewhere_and_finds_it_after_a_move(monkeypatch, tmp_path):
    monkeypatch.delenv("TRACKER_DATA")
    monkeypatch.setattr(localdata, "SYSTEM_FOLDER", tmp_path / "system")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(localdata, "CHECKOUT", closed)
    first = localdata.folder()
    assert first.parent == tmp_path / "system"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    moved = closed.rename(tmp_path / "moved")
    monkeypatch.setattr(localdata, "CHECKOUT", moved)
    assert localdata.folder() == first


@as_root
def test_existing_cluster_stays_with_its_owner(tmp_path):
    cluster = tmp_path / "postgres"
    cluster.mkdir()
    nobody = localdata.pwd.getpwnam("nobody")
    os.chown(cluster, nobody.pw_uid, -1)
    assert localdata.account(cluster).pw_name == "nobody"


def test_passage_is_closed_by_any_folder_above(tmp_path):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    for folder in (tmp_path.parent.parent, tmp_path.parent, tmp_path):
        if not folder.stat().st_mode & stat.S_IXOTH:
            assert not localdata.open_to_all(inner)
    inner.parent.chmod(0o700)
    assert not localdata.open_to_all(inner)
    assert localdata.open_to_all(Path("/usr"))


def test_secret_is_made_once_even_by_two_processes(monkeypatch, tmp_path):
    monkeypatch.setenv("TRACKER_DATA", str(tmp_path))
    code = "from tracker import localdata; print(localdata.secret('x'))"
    makers = [python(code) for _ in range(4)]
    made = {maker.communicate(timeout=60)[0].strip() for maker in makers}
    assert made == {localdata.secret("x")}
    assert len(made.pop()) >= 50
    assert stat.S_IMODE((tmp_path / "secrets" / "x").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "make room"), (errno.EACCES, "TRACKER_DATA"), (errno.EROFS, "TRACKER_DATA"), (errno.EIO, "/data")],
)
def test_error_of_the_system_becomes_a_sentence(number, said):
    sentence = localdata.explained(OSError(number, os.strerror(number)), Path("/data"))
    assert said in sentence
    assert sentence.endswith(".")


def test_full_disk_is_refused(monkeypatch, tmp_path):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(localdata.shutil, "disk_usage", lambda path: usage(10**9, 10**9 - 5, 5_000_000))
    with pytest.raises(LocalDatabaseError, match="has 5 MB free and the database needs 100 MB"):
        localdata.require_space(tmp_path / "not" / "there", 100)
