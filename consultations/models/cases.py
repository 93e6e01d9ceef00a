"""A consultation and the log of its moves."""

import secrets
import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Country
from accounts.models import Membership, Organisation
from common.policy import AnyUser, Relation, Role, role_of
from common.vault import DataKey, SealedJSONField, SealedModel, SealedQuerySet, SealedTextField
from consultations.enums import ENDED, TRANSITIONS, AssignmentState, Category, Duty, State, Urgency
from consultations.errors import NotNow

#: Crockford's base 32: no letter that reads like a digit.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: How long a reason that staff gave opens a case.
DISCLOSURE = timedelta(hours=4)
_OPEN_TO_EXPERT = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)


def new_reference() -> str:
    """A receipt number that cannot be guessed or counted: TS-XXXX-XXXX."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"TS-{letters[:4]}-{letters[4:]}"


class ConsultationQuerySet(SealedQuerySet["Consultation"]):
    """The only home of row permission for cases."""

    def visible_to(self, user: AnyUser) -> "ConsultationQuerySet":
        """Own and shared cases of one's present firm; offered and accepted ones; staff: all."""
        role = role_of(user)
        if role is Role.STAFF:
            return self
        if role is Role.MEMBER:
            ours = Membership.objects.active().filter(user=user.pk).values("organisation")
            return self.filter(Q(filed_by=user.pk) | Q(shared_in_firm=True), organisation__in=ours)
        if role is Role.EXPERT:
            from consultations.models.assignments import Assignment

            mine = Assignment.objects.filter(
                consultation=OuterRef("pk"), expert=user.pk, state__in=_OPEN_TO_EXPERT
            )
            return self.filter(Exists(mine))
        return self.none()

    def filed_from(self, draft: Any) -> "Consultation | None":
        """The case that a draft became, if it was sent already."""
        return self.filter(source_draft=draft).first()

    def open(self) -> "ConsultationQuerySet":
        """Not ended."""
        return self.exclude(state__in=ENDED)

    def in_state(self, *states: State) -> "ConsultationQuerySet":
        """In one of the states."""
        return self.filter(state__in=states)

    def most_urgent_first(self) -> "ConsultationQuerySet":
        """As the secretariat works: urgent ones first, then the oldest."""
        order = models.Case(
            *[models.When(urgency=u, then=i) for i, u in enumerate(Urgency)], default=9
        )
        return self.annotate(urgency_order=order).order_by("urgency_order", "filed_at")

    def newest_first(self) -> "ConsultationQuerySet":
        """Last filed first."""
        return self.order_by("-filed_at", "pk")

    def with_keys(self) -> "ConsultationQuerySet":
        """With what opens the title and the firm's name."""
        return self.select_related("vault_key", "organisation__vault_key")


class Consultation(SealedModel):
    """One case under one data key. What statistics need is clear, what the firm wrote is sealed."""

    policy_resource = "consultation"

    ref = models.CharField(_("受付番号"), max_length=12, unique=True, default=new_reference)
    #: The draft it came from: twenty posts of the same draft make one case.
    source_draft = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    shared_in_firm = models.BooleanField(_("社内で共有する"), default=False)
    state = models.CharField(
        _("状態"), max_length=20, choices=State.choices, default=State.SUBMITTED
    )
    category = models.CharField(_("相談の種類"), max_length=12, choices=Category.choices)
    urgency = models.CharField(_("急ぎ"), max_length=8, choices=Urgency.choices)
    country = models.CharField(
        _("関係する国・地域"), max_length=2, choices=Country.choices, blank=True, default=""
    )
    filed_at = models.DateTimeField(_("受付日時"), db_default=Now())
    moved_at = models.DateTimeField(_("最後に動いた日時"), db_default=Now())
    version = models.PositiveIntegerField(default=1)
    vault_key = models.ForeignKey(
        DataKey, on_delete=models.PROTECT, related_name="+", editable=False
    )
    title = SealedTextField(_("件名"), max_length=200)
    answers = SealedJSONField(default=dict)

    objects: ClassVar[Any] = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="consultation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values) & Q(urgency__in=Urgency.values),
                name="consultation_codes_known",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "filed_at"], name="consultation_queue"),
            models.Index(fields=["organisation", "-filed_at"], name="consultation_by_firm"),
            models.Index(fields=["-filed_at", "id"], name="consultation_newest"),
        ]

    def __str__(self) -> str:
        return self.ref

    def relations_of(self, user: AnyUser) -> frozenset[Relation]:
        """How this person stands to the case now."""
        role = role_of(user)
        if role is Role.MEMBER:
            return self._firm_relations(user)
        if role is Role.EXPERT:
            return self._expert_relations(user)
        if role is Role.STAFF:
            recent = timezone.now() - DISCLOSURE
            if self.disclosures.filter(staff=user.pk, at__gte=recent).exists():
                return frozenset({Relation.DISCLOSED})
        return frozenset()

    def _firm_relations(self, user: AnyUser) -> frozenset[Relation]:
        if (
            not Membership.objects.active()
            .filter(user=user.pk, organisation=self.organisation_id)
            .exists()
        ):
            return frozenset()
        found = {Relation.OWN} if user.pk == self.filed_by_id else set()
        return frozenset(found | ({Relation.FIRM} if self.shared_in_firm else set()))

    def _expert_relations(self, user: AnyUser) -> frozenset[Relation]:
        found = set()
        for duty, state in self.assignments.filter(expert=user.pk).values_list("duty", "state"):
            if state == AssignmentState.ACCEPTED:
                found.add(Relation.ASSIGNED if duty == Duty.ADVISER else Relation.REVIEWING)
            elif state == AssignmentState.OFFERED:
                found.add(Relation.OFFERED)
            else:
                found.add(Relation.FORMER)
        return frozenset(found)

    def lock(self) -> State:
        """Keep others from changing the case until the transaction ends; gives its state.

        Services take this lock before any other, so that no two wait for each other.
        """
        locked = Consultation.objects.select_for_update().only("state").get(pk=self.pk)
        return State(locked.state)

    def move_to(self, state: State, *, by: AnyUser | None, expected: State | None = None) -> None:
        """Move, leaving one row in the log; call it in a transaction.

        Raises NotNow where the table does not allow the move or somebody else moved first.
        """
        before = self.lock()
        if state not in TRANSITIONS[before] or (expected is not None and before is not expected):
            raise NotNow(
                _("相談の状態が変わったため、この操作はできません。画面を開き直してください。")
            )
        row = Transition.objects.create(
            consultation=self, before=before, after=state, by_id=by.pk if by else None
        )
        with connection.cursor() as cursor:
            # The trigger compares this with the row just written.
            cursor.execute("SELECT set_config('portal.transition', %s, true)", [str(row.pk)])
        Consultation.objects.filter(pk=self.pk).update(state=state, moved_at=Now())
        self.state = state


def _allowed_moves() -> Q:
    """The table of moves, as the database repeats it; the first row of a case moves nothing."""
    allowed = Q(before=State.SUBMITTED.value, after=State.SUBMITTED.value)
    for before, after in TRANSITIONS.items():
        if after:
            allowed |= Q(before=before.value, after__in=sorted(state.value for state in after))
    return allowed


class Transition(models.Model):
    """One move of one case: from where to where, by whom, when."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="transitions"
    )
    before = models.CharField(max_length=20, choices=State.choices)
    after = models.CharField(max_length=20, choices=State.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=_allowed_moves(), name="transition_allowed"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
