import pytest

from kentongan.complaints.lifecycle import State
from tests import make
from tests.cast import Cast


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_by_its_people(cast: Cast, state: State) -> None:
    assert make.complaint(cast, state).state == state
