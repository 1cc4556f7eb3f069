"""The words of the letters to complainants, which a village may put into its own."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kentongan.channels.email import outbox, words
from kentongan.channels.models import LetterText
from kentongan.lib import letter_numbers, phones
from kentongan.village.models import Village
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import may_change, office

# What a letter would be useless without; ``words.DEFAULTS`` says which letters have it.
_NEEDED = ("isi", "kurang", "instansi")


class LetterForm(forms.Form):
    """The village's own words for one kind of letter."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=150)
    body = forms.CharField(label=gettext_lazy("Text"), max_length=5000, widget=forms.Textarea(attrs={"rows": 16}))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_subject(self) -> str:
        return self._known(" ".join(self.cleaned_data["subject"].split()))

    def clean_body(self) -> str:
        body = self._known(self.cleaned_data["body"].replace("\r\n", "\n"))
        for name in _NEEDED:
            if f"{{{name}}}" in words.DEFAULTS[self.kind].body and f"{{{name}}}" not in body:
                told = {"word": f"{{{name}}}", "meaning": words.PLACEHOLDERS[name]}
                raise ValidationError(_("This letter is useless without %(word)s: %(meaning)s. Put it in.") % told)
        return body

    def _known(self, text: str) -> str:
        wrong = words.unknown(text)
        if wrong:
            named = ", ".join(f"{{{word}}}" for word in dict.fromkeys(wrong))
            raise ValidationError(
                _("Nothing can be filled in for %(words)s. Use the words of the list below.") % {"words": named}
            )
        return text


@office
@require_safe
def letters(request: OfficialRequest) -> HttpResponse:
    """Every kind of letter, and whether its words are the village's own."""
    own = dict(LetterText.objects.filter(village=request.village).values_list("kind", "subject"))
    rows = [(kind, text.label, own.get(kind, text.subject), kind in own) for kind, text in words.DEFAULTS.items()]
    return render(request, "office/letters.html", {"rows": rows, "editable": may_change(request)})


@office
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: OfficialRequest, kind: str) -> HttpResponse:
    """One kind of letter: its words, how they look filled in, and the way back to the original ones."""
    if kind not in words.DEFAULTS:
        raise Http404("no such letter")
    own = LetterText.objects.filter(village=request.village, kind=kind)
    if "restore" in request.POST:
        own.delete()
        messages.success(request, _("The letter has its original words again."))
        return redirect("office:letter", kind=kind)
    subject, body = words.of(request.village, kind)
    form = LetterForm(request.POST or None, initial={"subject": subject, "body": body}, kind=kind)
    if form.is_valid():
        subject, body = form.cleaned_data["subject"], form.cleaned_data["body"]
        if "preview" not in request.POST:
            _keep(request.village, kind, subject, body)
            messages.success(request, _("The words of the letter are saved. Letters already written stay as they are."))
            return redirect("office:letter", kind=kind)
    context = {
        "kind": kind,
        "label": words.DEFAULTS[kind].label,
        "form": form,
        "own": own.exists(),
        "placeholders": words.PLACEHOLDERS,
        "preview": None if form.errors else _filled(request, subject, body),
        "unsaved": form.is_bound and not form.errors,
        "editable": may_change(request),
    }
    return render(request, "office/letter.html", context)


def _keep(village: Village, kind: str, subject: str, body: str) -> None:
    """The original words are not stored: where they get better later, the village gets the better ones."""
    if (subject, body) == (words.DEFAULTS[kind].subject, words.DEFAULTS[kind].body):
        LetterText.objects.filter(village=village, kind=kind).delete()
    else:
        LetterText.objects.update_or_create(village=village, kind=kind, defaults={"subject": subject, "body": body})


def _filled(request: OfficialRequest, subject: str, body: str) -> dict[str, str]:
    values = sample(request.village, request.build_absolute_uri(reverse("public:track")))
    return {"subject": words.filled(subject, values), "body": words.filled(body, values)}


def sample(village: Village, track: str) -> dict[str, str]:
    """An invented complaint, for the preview: what stands in place of each of ``words.PLACEHOLDERS``."""
    today = village.local(timezone.now()).date()
    with translation.override("id"):
        until = formats.date_format(today + timedelta(days=14), "l, j F Y")
    code = "4T7K-9QXM-2HBC"
    return {
        "nama": "Ibu Siti Aminah",
        "nomor": letter_numbers.printed(
            village.number_pattern, year=today.year, serial=12, month=today.month, village=village.code
        ),
        "kode": code,
        "tautan": f"{track}#{code}",
        "perihal": "Jalan berlubang di depan mushola",
        "isi": "Di sini tertulis pertanyaan, pesan, atau jawaban petugas.",
        "batas": until,
        "kurang": f"Mohon balas surat ini dan tuliskan alamat Anda (dusun, RT, RW), paling lambat {until}.",
        "instansi": f"Dinas Pekerjaan Umum {village.regency_name}".strip(),
        "penilaian": outbox.question(track, code),
        "surat": "490/012/2014/XI/2026",
        "pengadu": "Identitas pengadu tidak kami sertakan.",
        "waktu": f"{until}, pukul 09.00–11.00 {village.zone_label}",
        "tempat": "Balai desa",
        "acara": "Pembahasan pengaduan",
        "desa": village.name,
        "telepon": phones.national(village.phone) if village.phone else "",
    }
