"""The way upward for a resident: who stands above whom, when one may go there and what to bring. Whoever is complained about is no rung."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import referrals
from kentongan.complaints.models import Complaint, ShutOut
from kentongan.village.models import Agency, Membership, Village
from kentongan.village.roles import Role

Words = Promise | str
PAPERS: tuple[Words, ...] = (
    _("Your receipt, with the register number"),
    _("The village's answer, if there is one (print your tracking page)"),
)


@dataclass(frozen=True)
class Rung:
    """One office to turn to. ``match``: part of the name of the agency whose address the village keeps; ``where``: else the usual way."""

    key: str
    name: Words
    when: Words
    bring: tuple[Words, ...] = PAPERS
    match: str = ""
    where: tuple[Words, ...] = ()
    role: Role | None = None
    lines: tuple[Words, ...] = ()


_STATUTE = (  # Law 37/2008 art. 24(1)
    _("Full name, place and date of birth"),
    _("Marital status and occupation"),
    _("Full address"),
    _("What happened, in your own words"),
)
RUNGS: tuple[Rung, ...] = (
    Rung(
        "head",
        _("The village head"),
        _("When the answer does not come or does not fit. Most is settled here."),
        where=(_("At the village office, during office hours"),),
        role=Role.HEAD,
    ),
    Rung(
        "council",
        _("The village council (BPD)"),
        _("When it concerns the village head, or when the head does not help. The council watches over the village government."),
        where=(_("Through any member of the council, or its secretariat at the village office"),),
        role=Role.COUNCIL,
    ),
    Rung(
        "camat",
        _("The district head (camat)"),
        _("When the village does not settle it. The camat guides and watches over the villages."),
        match="kecamatan",
    ),
    Rung(
        "inspectorate",
        _("The inspectorate of the regency"),
        _("When it is about village money, levies, or an official who abuses the post."),
        (*PAPERS, _("What proves it: photos, notes of payment, names of witnesses")),
        match="inspektorat",
        where=(_("At the regency's office"),),
    ),
    Rung("governor", _("The province's complaint service"), _("When the regency does not answer either."), PAPERS[:1]),
    Rung(
        "lapor",
        "SP4N-LAPOR!",
        _("At any time. The state passes it on to the office that must answer; you may stay anonymous towards that office."),
        (_("Your receipt, with the register number"), _("What happened, where and when, and photos")),
        match=referrals.LAPOR,
        where=(_("lapor.go.id, or a text message to 1708"),),
    ),
    Rung(
        "ombudsman",
        "Ombudsman RI",
        _(
            "When the village was asked first and did not settle it: no answer, a wrong service. What happened may be at most"
            " two years ago. Free of charge; your identity may be kept secret."
        ),
        (*_STATUTE, *PAPERS),
        match="ombudsman",
        where=(_("ombudsman.go.id or telephone 137"),),
    ),
)


def rungs(village: Village, complaint: Complaint | None = None) -> list[Rung]:
    """The ladder for one complaint, or for anybody, from the lowest rung; without those it is about."""
    out = _complained_about(complaint) if complaint else frozenset()
    known = list(Agency.objects.filter(village=village).order_by("-above", "name"))
    return [_placed(rung, village, known) for rung in RUNGS if rung.role not in out]


def _complained_about(complaint: Complaint) -> frozenset[Role]:
    """The posts whose holders are named in it, or of whom its words speak."""
    named = complaint.shut_out.exclude(why=ShutOut.Why.RECUSED).values("user")
    return frozenset(
        Role(role)
        for role in Membership.current().filter(village=complaint.village_id, user__in=named).values_list("role", flat=True)
    )


def _placed(rung: Rung, village: Village, known: list[Agency]) -> Rung:
    """The rung with its address: the one the village keeps, else the usual one. No number is made up."""
    agency = next((row for row in known if rung.match and rung.match in row.name.lower()), None)
    lines: tuple[Words, ...] = tuple(part for part in (agency.address, agency.phone, agency.email) if part) if agency else ()
    usual = rung.where
    name = rung.name
    if rung.key == "camat":
        usual = (_("The office of the district %(name)s") % {"name": village.district_name},)
    elif rung.key == "governor":
        java = village.province_name.strip().lower() == "jawa tengah"
        name = "LaporGub (Jawa Tengah)" if java else rung.name
        usual = (_("Governor's complaint service of %(name)s") % {"name": village.province_name},)
    return Rung(rung.key, name, rung.when, rung.bring, rung.match, usual, rung.role, (*usual, *lines))
