"""The first minutes of an installation: one village, its officer, its administrator, and the key that keeps strangers out."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from kentongan.village import seed
from kentongan.village.models import Unit, User, Village
from kentongan.village.roles import Role


@dataclass(frozen=True)
class Account:
    """A first account as typed."""

    username: str
    name: str
    password: str


class AlreadyFounded(Exception):
    """There is a village already."""


@transaction.atomic
def found(
    village: Village, *, hamlets: Iterable[seed.HamletPlan], officer: Account, administrator: Account, must_change: bool = False
) -> tuple[User, User]:
    """Enter the village with its defaults and its first two accounts; returns officer and administrator.

    Raises ``IntegrityError`` when the code or a user name is taken.
    """
    today = timezone.localdate()
    village.save(force_insert=True)
    seed.set_up(village, years=seed.years_around(today))
    seed.add_hamlets(village, hamlets)
    service = Unit.objects.filter(village=village, name=seed.SERVICE).first()
    posts = (
        (officer, seed.Post("Petugas Pengelola Pengaduan", (Role.OFFICER,), service)),
        (administrator, seed.Post("Pengelola Sistem", (Role.ADMIN,))),
    )
    first, second = (
        seed.add_official(
            village, username=who.username, name=who.name, password=who.password, post=post, since=today, must_change=must_change
        )
        for who, post in posts
    )
    cache.clear()
    return first, second


@transaction.atomic
def found_first(
    village: Village, *, hamlets: Iterable[seed.HamletPlan], officer: Account, administrator: Account
) -> tuple[User, User]:
    """``found``, for an installation without any village. Raises ``AlreadyFounded``."""
    if Village.objects.exists():
        raise AlreadyFounded
    return found(village, hamlets=hamlets, officer=officer, administrator=administrator)


def free_username(wish: str, code: str) -> str:
    """``petugas``, or ``petugas.33.01.02.2014`` where another village of this installation was first."""
    return f"{wish}.{code}" if User.objects.filter(username=wish).exists() else wish


def _key_file() -> Path:
    return Path(settings.DATA) / "setup.key"


def setup_key() -> str:
    """The key a stranger must show to set up the first village: made once, readable by the operator only."""
    path = _key_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("-".join(f"{secrets.randbelow(10_000):04d}" for _ in range(4)))
    return path.read_text(encoding="utf-8").strip()


def is_setup_key(typed: str) -> bool:
    digits = "".join(filter(str.isdigit, typed))
    return secrets.compare_digest(digits, setup_key().replace("-", ""))
