"""Finding complaints again, the same on both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kentongan.complaints import actions
from kentongan.complaints.models import Complaint
from kentongan.complaints.search import matching
from tests import make
from tests.cast import Cast
from tests.hard_cases import texts


def found(cast: Cast, typed: str) -> set[str]:
    return set(matching(Complaint.visible_to(cast.sari), typed).values_list("number", flat=True))


@pytest.fixture
def book(cast: Cast) -> Cast:
    """0001 a road, 0002 a road in Banyumasan, 0003 water, 0004 lamps with emoji, 0005 aid."""
    for text in (
        "Jalan desa rusak parah di depan mushola, banyak lubang.",
        texts.ROAD_IN_BANYUMASAN,
        "Banyune mati wis telung dina, inyong ora bisa adus.",
        texts.EMOJI,
        "Nama saya dicoret dari daftar BLT Dana Desa. Rusak sudah kepercayaan; jalan keluar tidak ada.",
    ):
        make.received(cast, text, by=cast.sari)
    return cast


def numbers(*serials: int) -> set[str]:
    year = Complaint.for_system("test").latest("id").year
    return {f"{year}-{serial:04d}" for serial in serials}


@pytest.mark.parametrize(
    ("typed", "serials"),
    [
        ("mushola", (1,)),
        ("MUSHOLA", (1,)),
        ("jalan rusak", (1, 2, 5)),  # both words, anywhere
        ('"jalan desa rusak"', (1,)),  # the phrase
        ('"rusak jalan"', ()),
        ("jalan mushola", (1,)),
        ("jalan kelurahan", ()),
        ("air mati", (3,)),  # banyune mati
        ("banyu", (3,)),
        ("dalan", (1, 2, 5)),
        ("lampu", (4,)),
        ("lampunya", (4,)),
        ("coret", (5,)),  # stem of dicoret
        ('"dana desa" BLT', (5,)),
        ("😡", ()),
        ("", (1, 2, 3, 4, 5)),
        ("   ", (1, 2, 3, 4, 5)),
    ],
)
def test_words_phrases_stems_and_dialect(book: Cast, typed: str, serials: tuple[int, ...]) -> None:
    assert found(book, typed) == numbers(*serials)


def test_a_register_number_finds_that_one_entry(book: Cast) -> None:
    second = numbers(2).pop()
    assert found(book, second) == {second}
    assert found(book, f" {second[:4]}-2 ") == {second}
    assert found(book, f"{second[:4]}-999999") == set()


@pytest.mark.parametrize(
    "typed",
    [
        '"', '""', '"jalan', "jalan\"", "*", "jal*", "jalan*", "NEAR(jalan desa)", "jalan AND OR NOT", "words:jalan", "^jalan",
        "-jalan", "jalan | rusak", "jalan & !rusak", "jalan:*", "(jalan", "jalan)", "'; DROP TABLE complaints_event; --", "' OR 1=1 --",
        "\\", "\\'", "%", "%s", "{}", "a'b", "<script>alert(1)</script>", "\x00jalan", "jalan_desa", "x" * 5000, "jalan " * 500,
    ],
)  # fmt: skip
def test_signs_of_query_languages_are_only_signs(book: Cast, typed: str) -> None:
    everything = found(book, "")
    assert found(book, typed) <= everything
    assert Complaint.visible_to(book.sari).count() == 5


@pytest.mark.parametrize("typed", ["jalan*", '"jalan', "(jalan)", "^jalan!", "words:jalan"])
def test_beside_such_signs_the_word_still_counts(book: Cast, typed: str) -> None:
    assert found(book, typed) <= numbers(1, 2, 5)


def test_operators_are_words_like_others(book: Cast) -> None:
    assert found(book, "jalan OR banyu") == set()
    assert found(book, "jalan NOT rusak") == set()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_whatever_is_typed_is_a_search(book: Cast, typed: str) -> None:
    assert len(found(book, typed)) <= 5


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_whatever_was_written_is_found_by_its_own_words(cast: Cast, text: str) -> None:
    made = make.received(cast, f"mulai {text} selesai", by=cast.sari)
    assert made.number in found(cast, "mulai selesai")
    assert made.number in found(cast, f'"{text.replace(chr(34), " ")}" mulai')


def test_a_subject_corrected_in_verifying_is_found_and_the_old_one_no_more(cast: Cast) -> None:
    made = make.received(cast, "Tolong segera diperbaiki yang di perempatan itu.", subject="Keluhan warga", by=cast.sari)
    assert found(cast, "keluhan") == {made.number}
    actions.verify(made, category=cast.road, kind="COMPLAINT", urgency="NORMAL", subject="Lampu lalu lintas padam", by=cast.sari)
    assert found(cast, "lalu lintas") == {made.number}
    assert found(cast, "keluhan") == set()
    assert found(cast, "perempatan") == {made.number}


def test_place_and_person_are_searched_too(cast: Cast) -> None:
    made = make.received(cast, make.TEXT, place="Tikungan Pohon Beringin", who="tukang parkir", by=cast.sari)
    assert found(cast, "beringin") == found(cast, "parkir") == {made.number}


def test_a_search_never_passes_the_wall(cast: Cast) -> None:
    made = make.received(cast, named=(cast.harun.pk,))
    assert matching(Complaint.visible_to(cast.harun), "mushola").count() == 0
    assert matching(Complaint.visible_to(cast.harun), made.number).count() == 0
    assert matching(Complaint.visible_to(cast.rini), "mushola").count() == 0
    assert matching(Complaint.visible_to(cast.lastri), "mushola").count() == 1


def test_a_very_long_letter_is_indexed_and_found_by_its_beginning(cast: Cast) -> None:
    made = make.received(cast, "Pembukaan istimewa. " + " ".join(f"kata{n}" for n in range(6000)), by=cast.sari)
    assert found(cast, "pembukaan istimewa") == {made.number}
