"""manage.py db, where it refuses."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.tracker.servers import scratch_server
from tracker.localdata import CHECKOUT


@pytest.mark.parametrize("action", [["start"], ["stop"], ["status"], ["restore", "file"]])
def test_external_database_is_left_alone(action, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/tracker")
    with pytest.raises(CommandError, match=f"no embedded database to {action[0]}"):
        call_command("db", *action)


def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "db", *arguments], cwd=CHECKOUT, capture_output=True, text=True, timeout=60
    )


def test_life_of_a_server(tmp_path):
    with scratch_server():
        assert manage("status").returncode == 1
        assert manage("start").returncode == 0
        status = manage("status")
        assert status.returncode == 0
        assert "PostgreSQL 18" in status.stdout
        assert manage("psql", "--", "-tAc", "SELECT current_user").stdout.strip() == "tracker_app"
        file = str(tmp_path / "backup")
        assert "holds the whole database" in manage("backup", file).stdout
        assert "is now the database" in manage("restore", file).stdout
        refused = manage("backup", file)
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert "has stopped" in manage("stop").stdout
        assert "was not running" in manage("stop").stdout
