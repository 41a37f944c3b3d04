"""python -m articles.extract: one line in, one line out, whatever the line."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(lines, *options):
    return subprocess.run(
        [sys.executable, "-m", "articles.extract", *options],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )


def test_a_bad_line_is_answered_and_the_others_too():
    good = json.dumps({"id": "a", "text": "Iran sent drones to Russia.", "language": "en", "published": "2023-09-05"})
    done = run(
        [
            good,
            "{not json",
            json.dumps({"id": "c"}),
            json.dumps({"id": "d", "text": "Nothing.", "published": "soon"}),
            good,
        ]
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [answer["id"] for answer in answers] == ["a", None, "c", "d", "a"]
    assert [("error" in answer) for answer in answers] == [False, True, True, True, False]
    assert answers[0]["extractor"] == "rules 1.0"
    assert answers[0]["lexicon"].startswith("sha256")
    assert answers[0]["events"][0]["supplier"]["code"] == "IR"
    assert len(done.stderr.splitlines()) == 3


def test_files_and_workers_give_the_same_answers_in_the_same_order(tmp_path):
    lines = [json.dumps({"id": number, "text": f"Iran sent {number + 2} drones to Russia."}) for number in range(40)]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    alone = run([], str(path))
    shared = run([], str(path), "--workers", "2")
    assert alone.returncode == shared.returncode == 0
    assert alone.stdout == shared.stdout
    assert [json.loads(line)["id"] for line in alone.stdout.splitlines()] == list(range(40))


def test_no_django_is_imported():
    code = "import sys, articles.extract; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
