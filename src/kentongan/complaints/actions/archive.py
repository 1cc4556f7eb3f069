"""A complaint's whole file leaves the desk: who took it, and for whom."""

from kentongan.complaints.actions._act import acting
from kentongan.complaints.models import Complaint
from kentongan.village.models import User

FOR_OFFICE, FOR_COMPLAINANT = "office", "complainant"


def take_archive(complaint: Complaint, *, audience: str, by: User) -> Complaint:
    """Write down that the archive was taken. ``audience``: ``FOR_OFFICE`` with all that is internal, ``FOR_COMPLAINANT`` without."""
    with acting(complaint, "take_archive", by=by) as act:
        act.record("archived", audience=audience)
    return act.complaint
