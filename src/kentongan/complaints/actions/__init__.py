"""The verbs: one function, one transaction, the actor in the signature. Nothing here sends, prints or reads a request.

A complaint's path reads top to bottom: ``receive`` → ``triage`` → ``work`` → ``answer``.
"""

from kentongan.complaints.actions._act import NewFile as NewFile
from kentongan.complaints.actions._act import adopt as adopt
from kentongan.complaints.actions._act import keep as keep
from kentongan.complaints.actions.answer import Delivered as Delivered
from kentongan.complaints.actions.answer import appeal as appeal
from kentongan.complaints.actions.answer import approve_response as approve_response
from kentongan.complaints.actions.answer import close as close
from kentongan.complaints.actions.answer import deliver as deliver
from kentongan.complaints.actions.answer import draft_response as draft_response
from kentongan.complaints.actions.answer import rate as rate
from kentongan.complaints.actions.answer import reopen as reopen
from kentongan.complaints.actions.answer import respond as respond
from kentongan.complaints.actions.answer import return_response as return_response
from kentongan.complaints.actions.answer import undelivered as undelivered
from kentongan.complaints.actions.answer import withdraw as withdraw
from kentongan.complaints.actions.conflict import keep_out_as as keep_out_as
from kentongan.complaints.actions.conflict import mention_text as mention_text
from kentongan.complaints.actions.conflict import name as name
from kentongan.complaints.actions.conflict import recuse as recuse
from kentongan.complaints.actions.receive import Entry as Entry
from kentongan.complaints.actions.receive import receive as receive
from kentongan.complaints.actions.triage import ask as ask
from kentongan.complaints.actions.triage import complete as complete
from kentongan.complaints.actions.triage import decline as decline
from kentongan.complaints.actions.triage import extend_deadline as extend_deadline
from kentongan.complaints.actions.triage import merge as merge
from kentongan.complaints.actions.triage import reclassify as reclassify
from kentongan.complaints.actions.triage import split as split
from kentongan.complaints.actions.triage import verify as verify
from kentongan.complaints.actions.work import add as add
from kentongan.complaints.actions.work import assign as assign
from kentongan.complaints.actions.work import attach as attach
from kentongan.complaints.actions.work import candidates as candidates
from kentongan.complaints.actions.work import follow_up as follow_up
from kentongan.complaints.actions.work import message as message
from kentongan.complaints.actions.work import note as note
from kentongan.complaints.actions.work import reassign as reassign
from kentongan.complaints.actions.work import record_referral_answer as record_referral_answer
from kentongan.complaints.actions.work import refer as refer
from kentongan.complaints.actions.work import start as start
