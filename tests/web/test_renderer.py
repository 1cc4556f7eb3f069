"""Lists to pick from are drawn as Django draws them."""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from kentongan.web.renderer import Quick

CHOICES = [("", 'Pilih "salah" <satu>'), ("Dusun & RT", [("1-001", "RT 001"), ("2", "RT 002")]), (3, "Lain")]


class _Form(forms.Form):
    place = forms.ChoiceField(
        choices=CHOICES, required=False, widget=forms.Select(attrs={"data-x": 'a"b', "hidden": True, "multiple": False})
    )


def test_a_list_is_drawn_as_django_draws_it() -> None:
    for value in ("", "2", "3", '"><script>'):
        drawn = [str(_Form({"place": value}, renderer=how)["place"]) for how in (Quick(), DjangoTemplates())]
        assert parse_html(drawn[0]) == parse_html(drawn[1])
        assert "<satu>" not in drawn[0]
