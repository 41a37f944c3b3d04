"""manage.py export, and the data dictionary."""

import csv
import io

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.http import QueryDict

from tests.factories import make_actor, make_claim, make_transfer
from tracker.browse.columns import BOM
from tracker.export.dictionary import dictionary
from tracker.export.stream import Export
from tracker.export.tables import EVERY, TABLES

pytestmark = pytest.mark.django_db


def test_a_file_is_what_the_page_would_send(tmp_path, capsys):
    make_claim(make_transfer())
    make_claim(make_transfer(supplier=make_actor("CL", "Chile")))
    path = tmp_path / "claims of Chile.csv"
    call_command("export", "claims", filter="?supplier=CL", output=str(path))
    assert "1 rows" in capsys.readouterr().out
    export = Export(TABLES["claims"], QueryDict("supplier=CL"))
    assert path.read_bytes() == b"".join(export)
    export.close()
    assert [row["supplier"] for row in csv.DictReader(io.StringIO(path.read_text()))] == ["Chile"]


def test_without_a_file_it_goes_to_standard_output(capfdbinary):
    call_command("export", "transfers", "--for", "spreadsheet")
    assert capfdbinary.readouterr().out.startswith(BOM.encode() + b"transfer_id,")


def test_a_mistaken_filter_is_named_and_no_file_is_made(tmp_path):
    path = tmp_path / "claims.csv"
    with pytest.raises(CommandError, match="suplier"):
        call_command("export", "claims", filter="suplier=CL", output=str(path))
    assert not path.exists()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export", "claims", output=str(tmp_path / "nowhere" / "claims.csv"))
    assert list(tmp_path.iterdir()) == []


def test_the_data_dictionary_is_up_to_date():
    written = (settings.BASE_DIR / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary(), "run: manage.py export dictionary -o docs/data-dictionary.md"


def test_every_column_is_explained():
    for table in EVERY.values():
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        for column in table.columns:
            assert column.doc.endswith("."), column.name
            assert column.sql is not None
