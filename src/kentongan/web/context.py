"""What every page may know: the village, where the reader stands, how many notices wait for him, whether he enters complaints."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import sent_reports
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from kentongan.web.desk.guard import takes_entries


def village(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    standing = user.standing if isinstance(user, User) and user.standing.village_id else None
    return {
        "village": getattr(request, "village", None),
        "standing": standing,
        "unread": unread(user) if isinstance(user, User) and standing else 0,
        "may_enter": isinstance(user, User) and takes_entries(user),
    }


def unread(user: User) -> int:
    """Unread notices about complaints this person may still see, and reports he may be told of."""
    visible = Exists(Complaint.visible_to(user).filter(pk=OuterRef("complaint")))  # one look a notice, not one list of the book
    told = Exists(sent_reports.notices_for(user).filter(pk=OuterRef("report")))
    return OutgoingMessage.objects.filter(visible | told, to=user, channel="desk", read_at__isnull=True).order_by()[:100].count()
