"""HTML, as programs write it and as advertisers and worse do."""

from tests.channels.email.corpus.build import LAMP, TEXT, WATER, Nasty, letter, quarantine, text


def _page(mark: str, html: str | bytes, kind: str = "text/html; charset=utf-8") -> bytes:
    return letter(mark, html, kind=kind)


def _seen(mark: str, html: str | bytes, why: str) -> Nasty:
    return text(_page(mark, html), why)


_STYLE = "<style>p{color:red} .x:before{content:'<p>'}</style>"
_PIXEL = '<img src="http://127.0.0.1:9/pixel.gif?id=karto" width=1 height=1 alt="">'
MESSAGES: dict[str, Nasty] = {
    "html_only": _seen("h1", f"<html><body><p>{TEXT}</p></body></html>", "no text version"),
    "html_with_script": _seen(
        "h2", f"<head><title>x</title>{_STYLE}</head><p onclick='alert(1)'>{TEXT}</p><script>alert('x')</script>", "script"
    ),
    "html_with_remote_picture": _seen(
        "h3", f"<p>{LAMP}</p>{_PIXEL}<div style='background:url(http://127.0.0.1:9/b.png)'></div>", "a spy"
    ),
    "html_with_data_picture": _seen(
        "h4", f"<img src='data:image/png;base64,{'QUJD' * 30_000}'><p>{WATER}</p>", "a picture written into the page"
    ),
    "html_with_hidden_text": _seen(
        "h5", f"<div style='DISPLAY : none'>PROMO slot gacor</div><p hidden>judi</p><p>{TEXT}</p>", "hidden words"
    ),
    "html_with_links": _seen(
        "h6", f"<p>{TEXT} <a href='https://foto.example/1'>foto</a> <a href='javascript:x()'>buka</a></p>", "links"
    ),
    "html_list": _seen(
        "h7", "<ul><li>Jalan rusak parah<li><p>Lampu mati</p></li></ul><ol><li>Air keruh</ol>", "lists, half closed"
    ),
    "html_table": _seen("h8", "<table><tr><td>Jalan<td>rusak parah</tr><tr><td>Lampu</td><td>mati</td></tr></table>", "a table"),
    "html_entities": _seen(
        "h9", "<p>Jalan&nbsp;rusak &lt;parah&gt; &amp; gelap &#128545; &#x1F64F; &#0; &#xD800; &tidakada;</p>", "entities"
    ),
    "html_huge_number": _seen("h10", f"<p>{TEXT} &#{'9' * 5000};</p>", "a character of 5,000 digits"),
    "html_not_closed": _seen("h11", f"<html><body><div><p>{LAMP}<b><i>", "nothing is closed"),
    "html_cut_in_a_tag": _seen("h12", f"<p>{LAMP}</p><a href='https://contoh.example/", "ends inside of a tag"),
    "html_comment_not_closed": _seen("h13", f"<p>{TEXT}</p><!-- <p>lupa ditutup</p>", "a comment never closed"),
    "html_marked_sections": _seen(
        "h14", f"<![if !mso]><p>{TEXT}</p><![endif]><![CDATA[x]]><!--[if mso]><p>tiga</p><![endif]-->", "of Outlook"
    ),
    "html_strange_declaration": _seen(
        "h15", f"<!DOCTYPE html PUBLIC '-//W3C//DTD'><!foo [ bar ]><?php x ?><p>{WATER}</p>", "declarations"
    ),
    "html_gmail_reply": _seen(
        "h16",
        f"<div dir='ltr'>{TEXT}</div><br><div class='gmail_quote'><div class='gmail_attr'>Pada Sen, 23 Nov 2026 08.30 Desa menulis:<br></div>"
        "<blockquote class='gmail_quote'>Sudah kami terima.</blockquote></div>",
        "what is answered must be folded away",
    ),
    "html_apple_reply": _seen(
        "h17", f"<div>{TEXT}</div><blockquote type='cite'><div>Sudah kami terima.</div></blockquote>", "the same of Apple"
    ),
    "html_outlook_reply": _seen(
        "h18",
        f"<p>{TEXT}</p><hr><div id='divRplyFwdMsg'><b>From:</b> Desa<br><b>Sent:</b> Monday, 23 November 2026 8:30<br><b>To:</b> Karto<br>"
        "<b>Subject:</b> x</div><p>Sudah kami terima.</p>",
        "the same of Outlook",
    ),
    "html_indented_not_quoted": _seen("h19", f"<p>Keluhan warga:</p><blockquote>{WATER}</blockquote>", "indented by a person"),
    "html_emoji_pictures": _seen(
        "h20", f"<p>{TEXT} <img alt='😡' src='https://mail.example/emoji'></p>", "emoji as remote pictures"
    ),
    "html_charset_only_inside": text(
        _page("h21", f"<meta charset='utf-8'><p>{LAMP} 🙏</p>", "text/html"), "the charset is said in the page alone"
    ),
    "html_preformatted": _seen("h22", f"<pre>{TEXT}\r\n  RT 03\r\n  RW 02</pre>", "lines that must stay"),
    "html_uppercase_tags": _seen("h23", f"<HTML><BODY><P>{TEXT}<BR>RT 03</P></BODY></HTML>", "capital letters"),
    "html_null_in_tags": _seen("h24", f"<p\0>{TEXT}</p\0><scr\0ipt>alert(1)</scr\0ipt>", "NUL bytes in the tags"),
    "html_zero_width_preheader": _seen("h25", f"<div>{'&zwnj;&nbsp;' * 80}</div><p>{LAMP}</p>", "filled up with nothing"),
    "html_only_a_picture": quarantine(letter("h26", f"<body>{_PIXEL}</body>", {"Subject": None}, "text/html"), "nothing to read"),
    "html_only_script": quarantine(
        letter("h27", "<script>document.write('jalan rusak parah')</script>", {"Subject": None}, "text/html"), "no text"
    ),
}
