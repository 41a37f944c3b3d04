"""manage.py db, where it refuses."""

import io
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


def said(*arguments: str) -> str:
    output = io.StringIO()
    call_command("db", *arguments, stdout=output)
    return output.getvalue()


def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "db", *arguments], cwd=CHECKOUT, capture_output=True, text=True, timeout=60
    )


def test_life_of_a_server(tmp_path):
    with scratch_server():
        with pytest.raises(CommandError, match="does not run"):
            call_command("db", "status")
        assert "runs in" in said("start")
        assert "PostgreSQL 18" in said("status")
        file = str(tmp_path / "backup")
        assert "holds the whole database" in said("backup", file)
        assert "is now the database" in said("restore", file)
        assert manage("psql", "--", "-tAc", "SELECT current_user").stdout.strip() == "tracker_app"
        refused = manage("backup", file)
        assert refused.returncode == 1
        assert "there already" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert "has stopped" in said("stop")
        assert "was not running" in said("stop")
