"""Numbers of letters to the complainant: given once, kept in the event with who signs."""

from dataclasses import asdict

from kentongan.complaints import letters, papers
from kentongan.complaints.actions._act import acting
from kentongan.complaints.lifecycle import NotAllowed
from kentongan.complaints.models import Complaint
from kentongan.village.models import User


def number_letter(complaint: Complaint, *, letter: str, by: User) -> Complaint:
    """Give the letter (``papers.ANSWER``, ``papers.COMPLETION``) its number, and keep who signs it.

    Raises ``NotAllowed`` when there is no such letter to write now, or it has its number.
    """
    with acting(complaint, "number_letter", by=by) as act:
        found = papers.letter_of(act.complaint, letter)
        if found is None or found.number:
            raise NotAllowed("number_letter", act.complaint.state)
        signs = papers.signer(act.circle, to_complainant=True)
        number = letters.next_number(act.village, letter, act.now)
        signed = asdict(signs) if signs else None
        act.record("letter_numbered", letter=letter, about=found.about, number=number, signer=signed)
    return act.complaint
