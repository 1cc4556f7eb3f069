"""Certificates the product trusts, and short patience with servers that say nothing."""

import pytest
from pytest_django import Settings

from kentongan.channels.email import connect
from tests.mailserver import Certificate, certificate


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("trusted"))


@pytest.fixture
def _trust(trusted: Certificate, settings: Settings) -> None:
    settings.MAIL_CA = str(trusted.path)


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "TIMEOUT", 0.5)
