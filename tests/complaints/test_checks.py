"""What may be checked of a paper: each printed version once, nothing of what it says, another code than the one that opens a complaint."""

from kentongan.complaints import actions, checks
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, LetterNumber, PrintedVersion
from tests import make
from tests.cast import Cast


def numbered(cast: Cast) -> tuple[Complaint, LetterNumber]:
    row = make.complaint(cast, State.AWAITING_COMPLAINANT)
    actions.number_letter(row, letter="completion", by=cast.sari)
    return row, LetterNumber.objects.get()


def test_a_version_is_kept_once_and_the_code_stays(cast: Cast) -> None:
    _row, given = numbered(cast)
    first = checks.seal_letter(given, {"to": ["Karto"], "text": "Ü 😀 \ud800"})
    assert checks.seal_letter(given, {"text": "Ü 😀 \ud800", "to": ["Karto"]}) == first
    second = checks.seal_letter(given, {"to": ["Karto Wiryo"]})
    assert (second.code, second.digest != first.digest) == (first.code, True)
    assert len(first.code) == len(first.digest) == 16
    assert [row.digest for row in PrintedVersion.objects.all()] == [first.digest, second.digest]


def test_the_same_words_on_two_papers_have_two_digests(cast: Cast) -> None:
    row, given = numbered(cast)
    letter, receipt = checks.seal_letter(given, {"text": "a"}), checks.seal_receipt(row, {"text": "a"})
    assert letter.digest != receipt.digest
    assert row.code not in {letter.code, receipt.code}


def test_a_code_is_found_as_people_type_it(cast: Cast) -> None:
    _row, given = numbered(cast)
    code = checks.seal_letter(given, {}).code
    typed = f" {code[:4].lower()} - {code[4:]}".replace("0", "o")
    found = checks.find(typed)
    assert found is not None
    assert found.letter == given
    assert checks.find("") is None
    assert checks.find(code[:-1]) is None


def test_a_cancelled_number_seals_nothing_more(cast: Cast) -> None:
    row, given = numbered(cast)
    assert checks.number_of_complaint(row, given.number) == given
    actions.cancel_number(given, reason="Salah.", by=cast.sari)
    assert checks.number_of_complaint(row, given.number) is None
    assert checks.number_of_complaint(row, "") is None
