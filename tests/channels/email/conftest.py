"""Certificates the product trusts, short patience with servers that say nothing, and a desk at noon that tells its officials by mail."""

from collections.abc import Iterator

import pytest
import time_machine
from pytest_django import Settings

from kentongan.channels.email import connect
from kentongan.channels.models import Mailbox
from kentongan.village.models import User
from tests import letters
from tests.cast import Cast
from tests.channels.email.official import NOON, wants
from tests.mailserver import Certificate, Smtp, certificate


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("trusted"))


@pytest.fixture
def _trust(trusted: Certificate, settings: Settings) -> None:
    settings.MAIL_CA = str(trusted.path)


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "TIMEOUT", 0.5)


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with Smtp() as running:
        yield running


@pytest.fixture
def box(cast: Cast, smtp: Smtp) -> Mailbox:
    return letters.mailbox(cast.village, smtp_port=smtp.port, smtp_security="NONE", smtp_login=False, plus=True)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(cast: Cast, box: Mailbox, noon: time_machine.Traveller) -> Cast:
    """At noon, with everybody told by mail."""
    for user in (cast.sari, cast.lastri, cast.harun, cast.joko, cast.wati):
        wants(user)
    return cast


@pytest.fixture
def reader(desk: Cast, noon: time_machine.Traveller) -> Cast:
    """Sari wants one letter in the morning, and nobody else wants any."""
    User.objects.exclude(pk=desk.sari.pk).update(by_mail=False)
    wants(desk.sari, digest=True)
    return desk
