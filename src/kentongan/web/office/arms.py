"""``/kantor/kertas/lambang/``: the arms in the letterhead of every paper."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kentongan.lib import files
from kentongan.village.models import Arms
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import may_change, office


class ArmsForm(forms.Form):
    """One picture; cleans to a small PNG painted anew."""

    picture = forms.FileField(
        label=gettext_lazy("Picture of the arms"),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=gettext_lazy("PNG or JPEG of at most 2 MB. Best is a PNG whose background is clear."),
    )

    def clean_picture(self) -> bytes:
        sent: Any = self.cleaned_data["picture"]
        try:
            return files.emblem(sent.read(files.EMBLEM_BYTES + 1))
        except files.Refused as refusal:
            raise ValidationError(_refusals()[refusal.reason]) from refusal


def _refusals() -> dict[str, str]:
    return {
        "empty": _("The file is empty. Choose another one."),
        "large": _("The picture is larger than 2 MB. Make a smaller copy of it."),
        "pixels": _("The picture has too many pixels. Make a smaller copy of it."),
        "broken": _("This is no PNG or JPEG that can be read. Save the picture as PNG or JPEG and try again."),
    }


@office
@require_http_methods(["GET", "HEAD", "POST"])
def arms(request: OfficialRequest) -> HttpResponse:
    """See, change or remove the arms."""
    own = Arms.objects.filter(village=request.village)
    if "remove" in request.POST:
        own.delete()
        messages.success(request, _("The arms are removed. The letterhead is printed without them."))
        return redirect("office:arms")
    form = ArmsForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        Arms.objects.update_or_create(village=request.village, defaults={"picture": form.cleaned_data["picture"]})
        messages.success(request, _("The arms are saved. They stand in the letterhead of every paper from now on."))
        return redirect("office:arms")
    context = {"form": form, "own": own.exists(), "editable": may_change(request)}
    return render(request, "office/arms.html", context)


@office
@require_safe
def picture(request: OfficialRequest) -> HttpResponse:
    """The arms as they are printed."""
    row = Arms.objects.filter(village=request.village).first()
    if row is None:
        raise Http404("no arms")
    response = HttpResponse(bytes(row.picture), content_type="image/png")
    response["Cache-Control"] = "no-store"
    return response
