"""Pages made text: what a reader would see, nothing he would not, nothing fetched."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.channels.email.html import text_of
from kentongan.channels.email.letter import read
from tests.channels.email import corpus
from tests.channels.email.corpus.build import LAMP, TEXT

ALL = corpus.all_messages()


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>satu</p><p>dua</p>", "satu\n\ndua"),
        ("<div>satu</div><div>dua</div>", "satu\ndua"),
        ("satu<br>dua<br/><br />tiga", "satu\ndua\n\ntiga"),
        ("  satu \n\t dua<b> tiga</b> empat", "satu dua tiga empat"),
        ("<ul><li>satu</li><li><p>dua</p></li></ul>", "- satu\n- dua"),
        ("<table><tr><td>satu<td>dua</tr><tr><th>tiga</th></tr></table>", "satu dua\ntiga"),
        ("<pre>satu\n  dua</pre>tiga", "satu\n  dua\n\ntiga"),
        ("<h1>Jalan</h1>rusak", "Jalan\n\nrusak"),
        ("a&nbsp;b &amp; &lt;c&gt; &eacute; &#128545;", "a b & <c> é 😡"),
        ("3 < 5 dan 7 > 2", "3 < 5 dan 7 > 2"),
        ("", ""),
    ],
)
def test_blocks_break_lines_and_words_stay_words(page: str, text: str) -> None:
    assert text_of(page) == text


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ('<a href="https://contoh.example/a">foto</a>', "foto (https://contoh.example/a)"),
        ('<a href="https://contoh.example/">contoh.example</a>', "contoh.example"),
        ('<a href="https://contoh.example/a">https://contoh.example/a</a>', "https://contoh.example/a"),
        ('<a href="mailto:karto@example.com?subject=x">karto@example.com</a>', "karto@example.com"),
        ('<a href="mailto:karto@example.com">Karto</a>', "Karto (karto@example.com)"),
        ('<a href="javascript:alert(1)">buka</a>', "buka"),
        ('<a name="atas">atas</a>', "atas"),
        ('<a href="https://contoh.example/a"><img src="x"></a>', "https://contoh.example/a"),
    ],
)
def test_a_link_says_where_it_leads(link: str, text: str) -> None:
    assert text_of(f"<p>{link}</p>") == text


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>alert('gelap')</script>",
        "<SCRIPT>gelap</SCRIPT >",
        "<style>gelap{}</style>",
        "<head><title>gelap</title></head>",
        "<!-- gelap -->",
        "<!--[if mso]><p>gelap</p><![endif]-->",
        "<div style='color:red; display: NONE'>gelap<div>gelap</div>gelap</div>",
        "<span style='visibility:hidden'>gelap</span>",
        "<p hidden>gelap</p>",
        "<p style='display:none'>gelap<p>",
        "<img src='http://127.0.0.1:9/gelap.gif' alt='gelap sekali'>",
        "<iframe src='http://127.0.0.1:9/gelap'></iframe>",
        "<svg><text>gelap</text></svg>",
        "<template>gelap</template>",
    ],
)
def test_what_a_reader_would_not_see_is_not_there(unseen: str) -> None:
    assert text_of(f"{unseen}<p>{TEXT}</p>") == TEXT
    assert text_of(f"<p>{TEXT}</p>{unseen}") == TEXT


@pytest.mark.parametrize(
    "quote",
    [
        "<blockquote type='cite'>{}</blockquote>",
        "<div class='gmail_quote gmail_quote_container'><div class=gmail_attr>x</div><blockquote class=gmail_quote>{}</blockquote></div>",
        "<div class='yahoo_quoted'><div>{}</div></div>",
    ],
)
def test_quotes_are_marked_and_what_follows_is_not(quote: str) -> None:
    lines = text_of(f"<div>{TEXT}</div>{quote.format(LAMP)}<div>Sudah lama.</div>").split("\n")
    assert lines[0] == TEXT
    assert lines[-1] == "Sudah lama."
    assert all(line.startswith(">") for line in lines[1:-1] if line)
    assert any(line.endswith(LAMP) for line in lines[1:-1])


def test_what_a_person_indents_is_no_quote() -> None:
    assert text_of(f"<blockquote>{LAMP}</blockquote>") == LAMP


@pytest.mark.parametrize("name", [name for name in ALL if name.startswith("html_")])
def test_no_page_names_what_would_be_fetched(name: str) -> None:
    seen = read(ALL[name].raw)
    for text in (seen.text, seen.folded):
        assert "127.0.0.1" not in text
        assert "alert(" not in text
        assert "gacor" not in text
        assert not re.search(r"<(?:p|div|script|img)\b", text, re.IGNORECASE)


def test_a_page_that_ends_too_early_is_read_to_its_end() -> None:
    assert text_of("<p>Jalan rusak &amp gelap") == "Jalan rusak & gelap"
    assert text_of("<p>Jalan rusak <a href='x") == "Jalan rusak"
    assert text_of(f"<p>{TEXT}</p><!-- lupa") == f"{TEXT}\n\nlupa"
    assert text_of(f"<title>x<body><p>{TEXT}") == TEXT


def test_a_deep_page_is_as_good_as_a_flat_one() -> None:
    assert text_of("<div>" * 20_000 + TEXT) == TEXT
    assert text_of("<blockquote type=cite>" * 10_000 + TEXT).endswith(f">>> {TEXT}")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div class=gmail_quote>", "</div>", "<a href='http://a'>", "</a>", "<li>", "<pre>", "</pre>", "<td>", "<script>", "</script>",
             "<!--", "-->", "<![if", "]>", "<!x", "<?", "&#", "&#x110000;", "&amp", "<", ">", "'", '"', "x", "\n", "<title>", "<body>", "<p hidden>", "\0"]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_any_page_is_read(pieces: list[str]) -> None:
    assert isinstance(text_of("".join(pieces)), str)
