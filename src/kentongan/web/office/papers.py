"""``/kantor/kertas/``: every paper as it is printed, filled with an invented complaint, and the words a village may put into its own."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kentongan.lib.text import clean
from kentongan.reports import overrides, wording
from kentongan.reports.wording import PARTS, PLACEHOLDERS, Wording
from kentongan.village.models import LetterRule, PaperWording, Village
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import may_change, office
from kentongan.web.office.rules import RULED, RuleForm
from kentongan.web.papers import paper as as_paper

PAPERS: dict[str, tuple[Any, Any]] = {
    "receipt": (gettext_lazy("Receipt"), gettext_lazy("The complainant takes it home.")),
    "assignment": (gettext_lazy("Distribution sheet"), gettext_lazy("Goes with a complaint to those who answer it.")),
    "completion": (gettext_lazy("Request for completion"), gettext_lazy("Asks the complainant for what is missing.")),
    "invitation": (gettext_lazy("Invitation"), gettext_lazy("Asks to come to a meeting.")),
    "attendance": (gettext_lazy("Attendance list"), gettext_lazy("To be signed at a meeting.")),
    "minutes": (gettext_lazy("Minutes"), gettext_lazy("The official record of a meeting.")),
    "answer": (
        gettext_lazy("Letter of answer"),
        gettext_lazy("The answer to the complainant, also that it cannot be processed."),
    ),
    "referral": (gettext_lazy("Cover letter"), gettext_lazy("Goes with a complaint to an agency.")),
    "withdrawal": (gettext_lazy("Statement of withdrawal"), gettext_lazy("The complainant signs it.")),
    "notice": (gettext_lazy("Sheet for the notice board"), gettext_lazy("The answer where nobody knows who complains.")),
    "poster": (gettext_lazy("Poster"), gettext_lazy("Tells residents how to complain.")),
    "book": (gettext_lazy("Complaint book"), gettext_lazy("The register, for signing.")),
    "report": (gettext_lazy("Periodic report"), gettext_lazy("To the village head.")),
}


class WordsForm(forms.Form):
    """The sentences of one paper; one left empty, or as it usually is, is not kept."""

    def __init__(self, data: Any = None, *, paper: str, said: Wording) -> None:
        super().__init__(data)
        self.paper = paper
        for name, part in PARTS.get(paper, {}).items():
            self.fields[name] = forms.CharField(
                label=str(part.label),
                required=False,
                max_length=part.longest,
                initial=said.text(name),
                help_text=_told(part.placeholders),
                widget=forms.Textarea(attrs={"rows": 4 if part.longest >= 600 else 2, "lang": "id"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, part in PARTS.get(self.paper, {}).items():
            if name not in cleaned:
                continue
            lines = [" ".join(line.split()) for line in clean(cleaned[name]).replace("\r\n", "\n").split("\n")]
            text = "\n".join(filter(None, lines)) if part.lines else " ".join(filter(None, lines))
            cleaned[name] = text
            wrong = wording.unknown(self.paper, name, text)
            missing = [word for word in part.needed if f"{{{word}}}" not in text] if text else []
            if wrong:
                self.add_error(name, _not_filled(wrong, part.placeholders))
            elif missing:
                told = {"word": f"{{{missing[0]}}}", "meaning": PLACEHOLDERS[missing[0]]}
                self.add_error(name, _("This sentence says too little without %(word)s: %(meaning)s. Put it in.") % told)
        return cleaned

    @property
    def own(self) -> dict[str, str]:
        """The parts that differ from the usual words."""
        usual = PARTS.get(self.paper, {})
        return {name: self.cleaned_data[name] for name in usual if self.cleaned_data[name] not in {"", usual[name].usual}}


def _told(placeholders: tuple[str, ...]) -> str:
    if not placeholders:
        return ""
    named = "; ".join(f"{{{word}}}: {PLACEHOLDERS[word]}" for word in placeholders)
    return _("Filled in: %(words)s.") % {"words": named}


def _not_filled(wrong: list[str], right: tuple[str, ...]) -> ValidationError:
    named = {"words": ", ".join(f"{{{word}}}" for word in wrong), "right": ", ".join(f"{{{word}}}" for word in right)}
    if not right:
        return ValidationError(_("Nothing can be filled in for %(words)s: this sentence has no words in braces.") % named)
    return ValidationError(_("Nothing can be filled in for %(words)s. Here you may use: %(right)s.") % named)


@office
@require_safe
def papers(request: OfficialRequest) -> HttpResponse:
    """All papers: which speak in the village's own words, which are printed by templates of its own, and which of those are broken."""
    from kentongan.reports import samples

    own = set(PaperWording.objects.filter(village=request.village).values_list("paper", flat=True))
    own |= set(LetterRule.objects.filter(village=request.village).values_list("kind", flat=True))
    rows = [(key, label, about, key in own, samples.trouble(key, request.village)) for key, (label, about) in PAPERS.items()]
    stray = sorted(f"{name}.typ" for name in overrides.names() - overrides.OURS)
    context = {
        "rows": rows,
        "broken": [(label, samples.TEMPLATES[key], told) for key, label, _about, _own, told in rows if told],
        "stray": stray,
        "editable": may_change(request),
    }
    return render(request, "office/papers.html", context)


@office
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: OfficialRequest, paper: str) -> HttpResponse:
    """The words of one paper, and the way back to the usual ones."""
    if paper not in PAPERS:
        raise Http404("no such paper")
    if "restore" in request.POST:
        with transaction.atomic():
            PaperWording.objects.filter(village=request.village, paper=paper).delete()
            LetterRule.objects.filter(village=request.village, kind=paper).delete()
        messages.success(request, _("The paper is as usual again."))
        return redirect("office:paper", paper=paper)
    form, rule = _forms(request, paper)
    if form.is_valid() and rule.is_valid():
        with transaction.atomic():
            _keep(request.village, paper, form.own)
            if paper in RULED:
                rule.keep()
        messages.success(request, _("Saved. Papers printed from now on are like this."))
        return redirect("office:paper", paper=paper)
    return _page(request, paper, form, rule)


def _forms(request: OfficialRequest, paper: str) -> tuple[WordsForm, RuleForm]:
    typed = request.POST or None
    rule = RuleForm(typed, instance=LetterRule.of(request.village, paper))
    return WordsForm(typed, paper=paper, said=_said(request.village, paper)), rule


@office
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: OfficialRequest, paper: str) -> HttpResponse:
    """The paper with an invented complaint, in the words that are kept, or (POST) as they were typed."""
    from kentongan.reports import samples

    if paper not in PAPERS:
        raise Http404("no such paper")
    said, rule = _said(request.village, paper), LetterRule.of(request.village, paper)
    if request.method == "POST":
        form, rule_form = _forms(request, paper)
        if not form.is_valid() or not rule_form.is_valid():
            return _page(request, paper, form, rule_form)
        said, rule = Wording(paper, form.own), rule_form.instance
    address = request.build_absolute_uri(reverse("public:file"))
    return as_paper(samples.pdf(paper, request.village, said, rule, address), f"contoh-{paper}.pdf")


def _page(request: OfficialRequest, paper: str, form: WordsForm, rule: RuleForm) -> HttpResponse:
    from kentongan.reports import samples

    label, about = PAPERS[paper]
    context = {
        "paper": paper,
        "label": label,
        "about": about,
        "form": form,
        "rule": rule,
        "template": f"papers/{samples.TEMPLATES[paper]}.typ",
        "trouble": samples.trouble(paper, request.village),
        "own": PaperWording.objects.filter(village=request.village, paper=paper).exists() or _ruled(request.village, paper),
        "editable": may_change(request),
    }
    return render(request, "office/paper.html", context)


def _ruled(village: Village, paper: str) -> bool:
    return LetterRule.objects.filter(village=village, kind=paper).exists()


def _said(village: Village, paper: str) -> Wording:
    return wording.of(village, paper)


@transaction.atomic
def _keep(village: Village, paper: str, own: Mapping[str, str]) -> None:
    """The usual words are not stored: where they get better later, the village gets the better ones."""
    rows = PaperWording.objects.filter(village=village, paper=paper)
    rows.exclude(part__in=own).delete()
    for part, text in own.items():
        PaperWording.objects.update_or_create(village=village, paper=paper, part=part, defaults={"text": text})
