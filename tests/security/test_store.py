"""What the database itself refuses, and who else on the computer may read the data."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from kentongan.complaints.models import Event
from tests import make
from tests.cast import Cast


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaints_event SET by_label = 'x'",
        "DELETE FROM complaints_event",
        "INSERT OR REPLACE INTO complaints_event SELECT * FROM complaints_event",
        "REPLACE INTO complaints_event (id, village_id, complaint_id, kind, at, by_label, via, state, data)"
        " SELECT id, village_id, complaint_id, 'noted', at, 'x', via, state, '{}' FROM complaints_event",
        "INSERT INTO complaints_event SELECT * FROM complaints_event WHERE true ON CONFLICT (id) DO UPDATE SET kind = 'noted'",
        "TRUNCATE complaints_event CASCADE",
        "DELETE FROM complaints_complaint",
    ],
)
def test_no_statement_changes_what_happened(cast: Cast, statement: str) -> None:
    make.complaint(cast, "VERIFIED")
    before = list(Event.for_system("test").values_list("id", "kind", "by_label"))
    with pytest.raises(DatabaseError):
        _run(statement)
    assert list(Event.for_system("test").values_list("id", "kind", "by_label")) == before


def _run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        connection.check_constraints()


def test_nobody_else_on_the_computer_reads_the_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)  # made by the operator, open to all
    environment = {**os.environ, "KENTONGAN_DATA": str(data), "KENTONGAN_DATABASE": ""}
    subprocess.run(
        [sys.executable, "-m", "kentongan", "migrate"], env=environment, check=True, capture_output=True, timeout=120, umask=0o022
    )
    for name in ("kentongan.sqlite3", "secret.key"):
        mode = stat.S_IMODE((data / name).stat().st_mode)
        assert mode & 0o077 == 0, f"{name}: {mode:o}"
