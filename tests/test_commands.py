"""The operator's commands, and the settings they run on."""

from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings

from kentongan import checks, worker
from kentongan.__main__ import main
from kentongan.complaints.models import Register
from kentongan.settings import database, env, secret_key
from kentongan.village import seed
from kentongan.village.models import Membership
from kentongan.village.roles import Role
from tests import make
from tests.cast import Cast


def test_the_life_cycle_is_printed_as_a_diagram(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lifecycle"]) == 0
    assert "RECEIVED --> VERIFIED: verify" in capsys.readouterr().out


def test_verify_says_that_the_book_is_whole_and_when_it_is_not(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    make.received(cast)
    assert main(["verify"]) == 0
    assert "The book is whole." in capsys.readouterr().out
    Register.objects.update(last=7)
    assert main(["verify"]) == 1
    assert "the counter does not stand at the last number 1" in capsys.readouterr().out


def test_doctor_says_in_words_what_is_wrong(
    cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "FAULT The worker is silent. Run: kentongan serve" in said
    assert "ok    The tables are up to date." in said
    monkeypatch.setattr(worker, "is_alive", lambda: True)
    for village in (cast.village, cast.neighbour):
        for year in (date.today().year, date.today().year + 1):
            seed.add_holidays(village, year)
    Membership.objects.create(village=cast.neighbour, user=cast.rini, role=Role.HEAD, post="Kepala Desa", since=date(2020, 1, 1))
    assert main(["doctor"]) == 0
    Membership.objects.filter(role=Role.HEAD, village=cast.village).update(until=date(2021, 1, 1))
    assert main(["doctor"]) == 1
    assert "has none. Add one under Kantor." in capsys.readouterr().out


@override_settings(SECRET_KEY="short", ALLOWED_HOSTS=["desa.example"], DATA=Path("/nowhere-at-all"), HTTPS=False, DEBUG=False)
def test_mistakes_of_an_installation_are_explained() -> None:
    assert {message.id for message in checks.installation(None)} >= {"kentongan.E001", "kentongan.E002", "kentongan.W001"}


def test_a_value_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "database").write_text("postgresql://sari:ra%40hasia@db.example:6432/desa\n", encoding="utf-8")
    monkeypatch.setenv("KENTONGAN_DATABASE_FILE", str(tmp_path / "database"))
    chosen = database(env("DATABASE"), tmp_path)
    assert (chosen["USER"], chosen["PASSWORD"], chosen["HOST"], chosen["PORT"], chosen["NAME"]) == (
        "sari",
        "ra@hasia",
        "db.example",
        "6432",
        "desa",
    )
    assert database("postgresql:///desa?host=/run/postgresql", tmp_path)["HOST"] == "/run/postgresql"
    assert str(database("", tmp_path)["NAME"]).startswith(str(tmp_path))


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KENTONGAN_SECRET_KEY", raising=False)
    made = secret_key(tmp_path / "new")
    assert len(made) >= 48
    assert secret_key(tmp_path / "new") == made
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o077 == 0
