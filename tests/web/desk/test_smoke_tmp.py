import pytest, sys

sys.path.insert(0, "/tmp/deskx")
from kentongan.complaints.lifecycle import State
from tests import make
from kentongan.web.desk.steps import FORMS


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("who", ["sari", "lastri", "harun", "joko", "wati", "nining", "tono"])
def test_pages(cast, client_of, state, who, settings):
    settings.ROOT_URLCONF = "desk_urls"
    row = make.complaint(cast, state)
    client = client_of(getattr(cast, who))
    r = client.get(f"/meja/{row.number}/")
    assert r.status_code in (200, 404)
    if r.status_code == 200:
        html = r.content.decode()
        for verb in FORMS:
            s = client.get(f"/meja/{row.number}/langkah/{verb}/")
            assert s.status_code in (200, 403, 409), (verb, s.status_code)
        print(state, who, [v for v in FORMS if f'id="step-{v}"' in html], len(html))
    for url in (
        "/meja/",
        "/meja/?order=due",
        "/meja/?queue=late",
        "/meja/?queue=approve",
        "/meja/?q=jalan",
        "/meja/?q=Karto",
        "/meja/?state=OPEN&kind=COMPLAINT&month=2026-11&mine=on",
        "/meja/pemberitahuan/",
    ):
        assert client.get(url).status_code == 200, url
    for url in ("/meja/baru/", "/meja/kotak/", "/meja/pesan/", "/meja/pengadu/?q=kar"):
        assert client.get(url).status_code == (200 if who == "sari" else 403), url
