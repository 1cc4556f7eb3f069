"""Fields are drawn as Django draws them."""

import pytest
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


class _Boxes(forms.Form):
    line = forms.CharField(required=False, widget=forms.TextInput(attrs={"class": "control", "hidden": True}))
    number = forms.IntegerField(required=False)
    day = forms.DateField(required=False)
    secret = forms.CharField(required=False, widget=forms.PasswordInput)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)
    yes = forms.BooleanField(required=False)
    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 7}))
    photo = forms.FileField(required=False)


@pytest.mark.parametrize("typed", ["", "dua  kata", '"><script>alert(1)</script>', "</textarea><b>", "\nbaris kedua", "&amp; '"])
def test_boxes_are_drawn_as_django_draws_them(typed: str) -> None:
    data = dict.fromkeys(_Boxes.base_fields, typed)
    quick, plain = (_Boxes(data, renderer=how) for how in (Quick(), DjangoTemplates()))
    for name in _Boxes.base_fields:
        assert str(quick[name]) == str(plain[name]) or parse_html(str(quick[name])) == parse_html(str(plain[name]))
        assert "<script>" not in str(quick[name])
        assert "<b>" not in str(quick[name])
