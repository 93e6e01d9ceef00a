"""Cases as they really come about: through the services, so that log and audit rows are real."""

import io
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation, User
from common import uploads
from common.jobs import Job
from common.jobs.run import Run
from consultations import services
from consultations.enums import Duty, State
from consultations.models import AdviceReport, Attachment, Consultation, Draft
from tests.accounts.factories import MembershipFactory, OrganisationFactory, UserFactory

ANSWERS: dict[str, Any] = {
    "category": "leak",
    "urgency": "week",
    "country": "TH",
    "title": "図面の持ち出しの疑い",
    "situation": "先月退職した技術者がフォルダーを開いた記録があります。",
    "wish": "証拠の残し方を知りたいです。",
    "parties": "見本機械株式会社",
    "shared_in_firm": False,
    "pages_done": [1, 2, 3],
}
ADVICE = {
    "summary": "まず記録を保全してください。",
    "facts": "記録がある。",
    "secrecy": "満たす見込みです。",
    "usefulness": "満たします。",
    "non_public": "満たします。",
    "measures": "パソコンを保管する。\n記録の写しを取る。",
    "next_steps": "1週間後に知らせる。",
}
#: The way to each state that a case passes through.
ORDER = (
    State.SUBMITTED, State.TRIAGE, State.CONFLICT_CHECK, State.IN_PROGRESS,
    State.ADVICE_REVIEW, State.ADVISED,
)  # fmt: skip


@dataclass
class Scene:
    """A firm, its people, the portal's people, and one case between them."""

    firm: Organisation
    owner: User
    colleague: User
    stranger: User
    staff: User
    adviser: User
    reviewer: User
    case: Consultation

    @property
    def report(self) -> AdviceReport:
        """The case's latest report."""
        found: AdviceReport = AdviceReport.objects.latest_of(self.case)
        return found

    @property
    def attachment(self) -> Attachment:
        """The case's file."""
        found: Attachment = Attachment.objects.get(consultation=self.case)
        return found


def draft_of(author: User, **answers: Any) -> Draft:
    """A draft with all three pages filled in."""
    return services.start_draft(author, first=ANSWERS | answers)


def file_case(author: User, **answers: Any) -> Consultation:
    """A case that was just filed."""
    return services.file_consultation(draft_of(author, **answers), by=author)


def scene(until: State = State.IN_PROGRESS, **answers: Any) -> Scene:
    """A case brought to the given state, with everybody around it."""
    firm = OrganisationFactory()
    owner, colleague = (MembershipFactory(organisation=firm).user for _ in range(2))
    made = Scene(
        firm, owner, colleague, MembershipFactory().user, UserFactory(staff=True),
        UserFactory(expert=True), UserFactory(expert=True), file_case(owner, **answers),
    )  # fmt: skip
    steps = (_triage, _offer, _accept, _review, _advise)
    for state, step in zip(ORDER[1:], steps, strict=True):
        if ORDER.index(until) >= ORDER.index(state):
            step(made)
    made.case = Consultation.objects.with_keys().get(pk=made.case.pk)
    return made


def _triage(made: Scene) -> None:
    services.begin_triage(made.case, by=made.staff, category="leak", urgency="week")


def _offer(made: Scene) -> None:
    for duty, expert in ((Duty.ADVISER, made.adviser), (Duty.REVIEWER, made.reviewer)):
        services.assign_expert(made.case, expert, duty=duty, by=made.staff)


def _accept(made: Scene) -> None:
    for expert in (made.adviser, made.reviewer):
        services.answer_offer(made.case, by=expert, accepts=True)
    talk(made)
    services.save_advice(made.case, ADVICE, by=made.adviser, version=0)


def _review(made: Scene) -> None:
    services.submit_advice(made.report, by=made.adviser)


def _advise(made: Scene) -> None:
    services.approve_advice(made.report, by=made.reviewer)
    services.issue_advice(made.report, by=made.adviser)
    job = Job.objects.get(kind="consultations.advice_pdf", subject=str(made.report.pk))
    Job.objects.filter(pk=job.pk).update(state="running", token=1, lease_until="2100-01-01T00:00Z")
    services.keep_pdf(made.report, b"%PDF-1.7 sample", run=Run(job, 1))


def talk(made: Scene, body: str = "表示はありましたか。", **options: Any) -> None:
    """One message of the adviser with a small file."""
    upload = SimpleUploadedFile("記録.txt", "日時だけの記録".encode())
    judged = ((io.BytesIO(upload.read()), uploads.inspect(upload)),)
    services.send_message(
        made.case, body, by=made.adviser, token=uuid.uuid4(), files=judged, **options
    )
