"""The poster through the office: where the square leads, and on which paper."""

from collections.abc import Callable

import pytest
from django.test import Client

from kentongan.village.models import User
from tests.cast import Cast

Clients = Callable[[User | None], Client]


def test_the_office_says_where_the_square_leads(cast: Cast, client_of: Clients) -> None:
    for user in (cast.tono, cast.harun):
        said = client_of(user).get("/kantor/poster/").content.decode()
        assert "http://testserver/adukan/" in said
        assert "/kantor/poster.pdf?kertas=a5" in said
    assert "/kantor/poster/" in client_of(cast.tono).get("/kantor/").content.decode()


@pytest.mark.parametrize("paper", ["", "?kertas=f4", "?kertas=a5", "?kertas=A0", "?kertas=" + "9" * 300])
def test_every_official_prints_it(cast: Cast, client_of: Clients, paper: str) -> None:
    response = client_of(cast.sari).get(f"/kantor/poster.pdf{paper}")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")
