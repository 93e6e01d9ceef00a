"""Addresses of consultations."""

from django.urls import path

from consultations.views import advice, cases, handling, intake

app_name = "consultations"
urlpatterns = [
    path("", cases.case_list, name="list"),
    path("new/", intake.begin, name="new"),
    path("drafts/<uuid:pk>/check/", intake.check, name="check"),
    path("drafts/<uuid:pk>/discard/", intake.discard, name="discard"),
    path("drafts/<uuid:pk>/save/<int:page>/", intake.autosave, name="autosave"),
    path("drafts/<uuid:pk>/<int:page>/", intake.page, name="page"),
    path("<str:ref>/", cases.detail, name="detail"),
    path("<str:ref>/messages/", cases.send, name="send"),
    path("<str:ref>/sharing/", cases.share, name="share"),
    path("<str:ref>/withdraw/", cases.withdraw, name="withdraw"),
    path("<str:ref>/close/", cases.close, name="close"),
    path("<str:ref>/files/<uuid:pk>/", cases.attachment, name="attachment"),
    path("<str:ref>/triage/", handling.triage, name="triage"),
    path("<str:ref>/assign/", handling.assign, name="assign"),
    path("<str:ref>/offer/", handling.offer, name="offer"),
    path("<str:ref>/disclose/", handling.disclose, name="disclose"),
    path("<str:ref>/advice/", advice.write, name="advice"),
    path("<str:ref>/advice/submit/", advice.submit, name="submit"),
    path("<str:ref>/advice/review/", advice.review, name="review"),
    path("<str:ref>/advice/approve/", advice.approve, name="approve"),
    path("<str:ref>/advice/issue/", advice.issue, name="issue"),
    path("<str:ref>/advice/status/", advice.status, name="status"),
    path("<str:ref>/advice/pdf/", advice.pdf, name="pdf"),
]
