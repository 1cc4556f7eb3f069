"""``kentongan init`` and ``kentongan demo``: how a village comes into an empty database."""

import getpass
import sys
from argparse import Namespace

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from kentongan.complaints import standard_texts
from kentongan.demo import people, village
from kentongan.settings import env
from kentongan.village import founding, seed
from kentongan.village.models import Membership, Village


def init(args: Namespace) -> int:
    """Set up a village, its officer and its administrator; returns the exit code."""
    if Village.objects.filter(pk=args.code).exists():
        return _refuse(f"The village {args.code} is already set up.")
    place = Village(
        code=args.code,
        name=args.name,
        district_name=args.district,
        regency_name=args.regency,
        province_name=args.province,
    )
    try:
        place.clean_fields(exclude=["district_name", "regency_name", "province_name"])
        plans = seed.read_hamlets(args.hamlets.replace(",", "\n"))
        officer = _account("petugas", "Petugas Pengaduan", args.code)
        administrator = _account("admin", "Administrator", args.code)
    except ValidationError as error:
        return _refuse("\n".join(error.messages))
    except seed.BadHamlets as error:
        return _refuse(f"This hamlet cannot be read: {error.line}")
    founding.found(place, hamlets=plans, officer=officer, administrator=administrator, must_change=True)
    standard_texts.add_first(place)
    print(f"{place.name} ({place.code}) is set up. Log in as {officer.username} or {administrator.username}.")
    print("Each chooses a new password at the first login.")
    return 0


def _account(wish: str, name: str, code: str) -> founding.Account:
    """Its password comes from ``KENTONGAN_INIT_PASSWORD`` or the prompt. Raises ``ValidationError`` when it is too weak."""
    username = founding.free_username(wish, code)
    password = env("INIT_PASSWORD") or getpass.getpass(f"Password for {username}: ")
    validate_password(password)
    return founding.Account(username, name, password)


def demo(args: Namespace) -> int:
    """Load the demo village into a database without a village; returns the exit code."""
    if Village.objects.exists():
        if args.if_empty:
            return 0
        return _refuse(
            "This database already holds a village. The demo goes into an empty one: set KENTONGAN_DATA to a new folder."
        )
    from kentongan.demo.load import load  # late: drawing pictures is needed once

    loaded = load()
    print(
        f"The demo village {loaded.village.name} is loaded: {loaded.complaints} complaints. `kentongan serve` shows how to get in."
    )
    return 0


def print_demo_accounts() -> None:
    """The demo's accounts and their password, when this database holds the demo."""
    password = demo_password()
    if password is None:
        return
    print(f"Demo accounts, all with the password  {password}")
    for username, name, post in demo_accounts():
        print(f"  {username:<20} {name} - {post}")


def demo_password() -> str | None:
    """The demo's password, or ``None`` when this database does not hold the demo."""
    return people.demo_password() if Village.objects.filter(pk=village.CODE).exists() else None


def demo_accounts() -> list[tuple[str, str, str]]:
    """User name, name and post of each demo account of this database, in order."""
    names = [row[0] for row in people.OFFICIALS]
    rows = Membership.current().filter(village=village.CODE, user__username__in=names).order_by("id")
    found = {
        username: (username, name, post) for username, name, post in rows.values_list("user__username", "user__name", "post")
    }
    return sorted(found.values(), key=lambda row: names.index(row[0]))


def setup_key() -> str | None:
    """The key the first-run page asks of strangers, or ``None`` when a village is set up."""
    return None if Village.objects.exists() else founding.setup_key()


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
