"""The domain's rows. ``Complaint.visible_to`` is the wall: the only way to read complaints for a person.

Writing happens in ``actions/`` alone; events are never changed and never deleted (a database trigger refuses it too).
"""

from kentongan.complaints.models.book import Complainant as Complainant
from kentongan.complaints.models.book import Complaint as Complaint
from kentongan.complaints.models.book import DeclineReason as DeclineReason
from kentongan.complaints.models.book import Outcome as Outcome
from kentongan.complaints.models.book import Register as Register
from kentongan.complaints.models.book import Urgency as Urgency
from kentongan.complaints.models.handling import Assignment as Assignment
from kentongan.complaints.models.handling import Delivery as Delivery
from kentongan.complaints.models.handling import Referral as Referral
from kentongan.complaints.models.handling import Reminder as Reminder
from kentongan.complaints.models.handling import Response as Response
from kentongan.complaints.models.handling import ShutOut as ShutOut
from kentongan.complaints.models.handling import StandardText as StandardText
from kentongan.complaints.models.handling import Task as Task
from kentongan.complaints.models.meetings import Invitee as Invitee
from kentongan.complaints.models.meetings import LetterCounter as LetterCounter
from kentongan.complaints.models.meetings import Meeting as Meeting
from kentongan.complaints.models.numbers import LetterNumber as LetterNumber
from kentongan.complaints.models.numbers import PaperCheck as PaperCheck
from kentongan.complaints.models.numbers import PrintedVersion as PrintedVersion
from kentongan.complaints.models.reports import ClosedBook as ClosedBook
from kentongan.complaints.models.reports import MadeBook as MadeBook
from kentongan.complaints.models.reports import PublishedReport as PublishedReport
from kentongan.complaints.models.reports import ReportNotice as ReportNotice
from kentongan.complaints.models.reports import SentReport as SentReport
from kentongan.complaints.models.survey import Publicity as Publicity
from kentongan.complaints.models.survey import Survey as Survey
from kentongan.complaints.models.survey import SurveyAnswer as SurveyAnswer
from kentongan.complaints.models.survey import SurveyElement as SurveyElement
from kentongan.complaints.models.trail import Attachment as Attachment
from kentongan.complaints.models.trail import Event as Event
from kentongan.complaints.models.trail import Measure as Measure
from kentongan.complaints.models.trail import Tally as Tally
