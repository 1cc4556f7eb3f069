"""A letter to the complainant on paper, for who cannot be reached by mail."""

from collections.abc import Iterable
from datetime import datetime

from kentongan.complaints import ratings
from kentongan.reports import pdf as paper_maker
from kentongan.reports import words
from kentongan.village.models import Village


def pdf(village: Village, subject: str, text: str, *, to: Iterable[str], number: str, written_at: datetime) -> bytes:
    """The letter on the village's paper, A4, signed by the complaint officer. ``to``: the lines of the address. Raises ``pdf.CannotPrint``."""
    day = words.local(written_at, village).date()
    return paper_maker.render(
        "letter",
        {
            "title": subject,
            "kop": paper_maker.letterhead(village),
            "day": f"{village.name}, {words.long_date(day)}",
            "number": number,
            "to": [line for line in [*to, f"Desa {village.name}"] if line],
            "paragraphs": [_on_paper(part) for part in text.split("\n\n") if part.strip() and not part.startswith("Hormat kami")],
            "sign": paper_maker.signatures(village, day)["right"],
        },
    )


def _on_paper(paragraph: str) -> str:
    """The question of satisfaction with answers to ring in place of links; every other paragraph as it is."""
    if "/?nilai=" not in paragraph:
        return paragraph
    choices = "     ".join(f"{score} {words}" for score, words in ratings.WORDS.items())
    return f"Seberapa puas Anda dengan jawaban ini? Lingkari lalu serahkan ke kantor desa:\n{choices}"
