"""The first minutes of an installation."""

import stat
from argparse import Namespace
from pathlib import Path

import pytest
from django.conf import settings

from kentongan import setup_commands
from kentongan.village import founding
from kentongan.village.models import Hamlet, User, Village
from tests.cast import Cast

ARGUMENTS = {
    "code": "33.01.02.2006",
    "name": "Kuripan",
    "district": "Kesugihan",
    "regency": "Cilacap",
    "province": "Jawa Tengah",
    "hamlets": "Timur, Barat",
}


def test_the_setup_key_is_made_once_for_the_operator_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    key = founding.setup_key()
    assert key == founding.setup_key()
    assert stat.S_IMODE((tmp_path / "setup.key").stat().st_mode) == 0o600
    assert founding.is_setup_key(key.replace("-", " "))
    assert not founding.is_setup_key("")
    assert not founding.is_setup_key(key[:-1])


@pytest.mark.django_db
def test_init_sets_a_village_up(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KENTONGAN_INIT_PASSWORD", "lumbung-sawah-81")
    assert setup_commands.init(Namespace(**ARGUMENTS)) == 0
    assert "petugas" in capsys.readouterr().out
    assert list(Hamlet.objects.values_list("name", flat=True)) == ["Timur", "Barat"]
    officer = User.objects.get(username="petugas")
    assert officer.must_change_password
    assert officer.check_password("lumbung-sawah-81")


@pytest.mark.parametrize(
    ("changes", "password"),
    [({"code": "33.1.2.2006"}, "lumbung-sawah-81"), ({"hamlets": "a: b"}, "lumbung-sawah-81"), ({}, "pendek")],
)
@pytest.mark.django_db
def test_init_refuses_in_words_and_writes_nothing(
    changes: dict[str, str], password: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KENTONGAN_INIT_PASSWORD", password)
    assert setup_commands.init(Namespace(**{**ARGUMENTS, **changes})) == 1
    assert capsys.readouterr().err.strip()
    assert not Village.objects.exists()


def test_a_second_village_gets_its_own_user_names(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create(username="petugas", name="Petugas desa lain")
    monkeypatch.setenv("KENTONGAN_INIT_PASSWORD", "lumbung-sawah-81")
    assert setup_commands.init(Namespace(**ARGUMENTS)) == 0
    assert User.objects.filter(username="petugas.33.01.02.2006").exists()
    assert User.objects.filter(username="admin").exists()


def test_the_first_village_is_founded_once(cast: Cast) -> None:
    account = founding.Account("x", "X", "tiga-kata-biasa")
    with pytest.raises(founding.AlreadyFounded):
        founding.found_first(Village(code="33.01.02.2006"), hamlets=[], officer=account, administrator=account)


def test_the_demo_leaves_a_village_alone(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert setup_commands.demo(Namespace(if_empty=True)) == 0
    assert setup_commands.demo(Namespace(if_empty=False)) == 1
    assert "already holds a village" in capsys.readouterr().err
    assert setup_commands.demo_password() is None
    assert setup_commands.demo_accounts() == []
