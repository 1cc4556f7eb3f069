"""Background work that failed too often and waits for a person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kentongan.jobs import engine
from kentongan.jobs.models import OPEN, Job
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import administrator

MOST = 50


@administrator
@require_safe
def jobs(request: OfficialRequest) -> HttpResponse:
    waiting = Job.objects.filter(state__in=OPEN).count()
    return render(request, "office/jobs.html", {"dead": Job.dead()[:MOST], "waiting": waiting})


@administrator
@require_POST
def retry(request: OfficialRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.dead(), pk=pk)
    if engine.retry(job):
        messages.success(request, _("It is tried again now."))
    else:
        messages.error(request, _("This work no longer waits here: somebody was faster."))
    return redirect("office:jobs")
