"""Letters to agencies: they go while the agency has the complaint, and no longer."""

import pytest

from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from tests import make
from tests.cast import Cast
from tests.channels.email.official import got, work
from tests.channels.test_notify import tell
from tests.mailserver import Smtp


@pytest.mark.parametrize("meanwhile", ["", "withdrawn", "taken back"])
def test_a_letter_that_waited_goes_only_while_the_agency_has_it(desk: Cast, smtp: Smtp, meanwhile: str) -> None:
    desk.agency.email = "pupr@example.com"
    desk.agency.save()
    row = make.complaint(desk, State.VERIFIED)
    actions.refer(row, agency=desk.agency, text="Mohon ditangani.", by=desk.sari, with_identity=True)
    tell()
    if meanwhile == "withdrawn":
        actions.withdraw(row, text="Saya cabut.", by=None)
    elif meanwhile:
        actions.start(row, by=desk.sari)
    work()
    assert len(got(smtp, "pupr@example.com")) == (0 if meanwhile else 1)
    assert OutgoingMessage.objects.filter(kind="referral").exists() is not bool(meanwhile)
