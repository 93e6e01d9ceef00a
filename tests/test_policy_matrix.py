"""Every address × role × relation to the object answers as the policy table says; none answers 5xx."""

from collections import Counter
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path, resolve, reverse
from django.utils import timezone

from accounts.models import Membership
from common.policy import Relation, Role, role_of, table
from common.policy.table import may, rule_of
from consultations import services
from consultations.enums import State
from consultations.models import Consultation, Draft
from portal import urls as portal_urls
from tests.accounts.factories import UserFactory, sign_in
from tests.addresses import arguments, names
from tests.consultations.factories import scene
from tests.world import STANDING, World, make_world

pytestmark = pytest.mark.django_db
#: Asks other servers, which is not the matter here.
LEFT_OUT = {"healthz"}
#: What an address of a case or draft answers to those who may: (to a GET, to an empty POST).
#: 302: done, and led on; 200: the page, or the form again; 409: not in this state.
ANSWERS = {
    "list": (200, 200), "new": (200, 302), "check": (200, 302), "page": (200, 200),
    "autosave": (405, 200), "discard": (405, 302), "detail": (200, 200), "send": (405, 200),
    "share": (405, 302), "withdraw": (405, 302), "close": (405, 409), "attachment": (200, 200),
    "triage": (200, 200), "assign": (200, 200), "offer": (200, 200), "disclose": (200, 200),
    "advice": (200, 200), "submit": (405, 302), "review": (200, 200), "approve": (405, 409),
    "issue": (405, 409), "status": (200, 200), "pdf": (404, 404),
}  # fmt: skip
POSTS_ONLY = {name for name, (get, _post) in ANSWERS.items() if get == 405}
#: What every other address may answer to those whose role may use it.
ANYTHING = {200, 204, 302, 400, 401, 403, 404, 405, 409, 410, 422, 429}


@pytest.fixture
def world(settings: Any) -> World:
    """Everybody."""
    settings.PORTAL_DEMO = True
    return make_world()


def addresses(world: World, case: str) -> Iterator[tuple[str, str]]:
    """Name and path of every address; one without known arguments fails."""
    of_case = world.arguments(case)
    for name in names():
        yield name, reverse(name, kwargs=arguments(name, of_case, world.others))


def rule_at(name: str, where: str) -> tuple[str, str]:
    """The row of the table that guards an address."""
    rule = rule_of(resolve(where).func, name)
    assert rule is not None, f"{name} has no rule"
    assert rule in table(), f"{name}: {rule} is no row of the table"
    return rule


def test_every_address_has_a_rule(world: World) -> None:
    """And each row of the table that a view names exists."""
    checked = [rule_at(name, where) for name, where in addresses(world, "at work")]
    assert len(checked) > 100


def test_every_row_about_cases_is_asked_for(world: World) -> None:
    """A rule that guards nothing would only look like one."""
    used = {rule_at(name, where) for name, where in addresses(world, "at work")}
    ours = {rule for rule in table() if rule[0] in ("consultation", "draft", "seminar")}
    assert ours - used <= {("draft", "read")}


def expected(
    world: World, case: str, who: str, name: str, rule: tuple[str, str], method: str
) -> set[int]:
    """Statuses that are right."""
    person = world.people[who]
    allowed = may(role_of(person) if person else Role.VISITOR, *rule)
    if not allowed:
        return {403} if person else {302} if method == "get" else {401}
    if not name.startswith("consultations:"):
        return ANYTHING
    verb = name.split(":")[1]
    if method == "get" and verb in POSTS_ONLY:
        return {405}
    if who == "left the firm" and verb == "new":
        return {302}
    refused = refusal(case, who, rule, allowed)
    return {refused or ANSWERS[verb][method == "post"]}


def refusal(case: str, who: str, rule: tuple[str, str], allowed: frozenset[Relation]) -> int:
    """404 to whom it is not there, 403 to whom it is not given; 0 to those who may."""
    if rule[1] in ("list", "file"):
        return 0
    relations = STANDING[case].get(who)
    if rule[0] == "draft":
        relations = frozenset({Relation.OWN}) if who == "own" else None
    if relations is None:
        return 404
    return 0 if Relation.ANY in allowed or allowed & relations else 403


def relates(world: World, who: str, rule: tuple[str, str]) -> bool:
    """Where a rule goes by role alone, one person of each role is enough."""
    if any(relations != {Relation.ANY} for relations in table()[rule].values()):
        return True
    roles = [role_of(person) if person else None for person in world.people.values()]
    first = roles.index(role_of(p) if (p := world.people[who]) else None)
    return list(world.people)[first] == who


def undone(call: Callable[[], Any]) -> Any:
    """What a call gives, with all it did to the database taken back."""
    with transaction.atomic():
        given = call()
        transaction.set_rollback(True)
    return given


def tried(world: World, browsers: dict[str, Client], method: str) -> tuple[list[str], Counter[str]]:
    """Wrong answers, and counts of all."""
    wrong, counts = [], Counter[str]()
    for case in STANDING:
        routes = [
            (name, where, rule_at(name, where))
            for name, where in addresses(world, case)
            if name not in LEFT_OUT and (case == "at work" or name.startswith("consultations:"))
        ]
        for who, kept in browsers.items():
            for name, where, rule in routes:
                if not relates(world, who, rule):
                    continue
                window = Client(raise_request_exception=False)
                window.cookies = SimpleCookie(kept.cookies.output(header="", sep=";"))
                status = undone(lambda w=window, p=where: getattr(w, method)(p).status_code)
                right = expected(world, case, who, name, rule, method)
                counts[str(status)] += 1
                if status not in right:
                    wrong.append(f"{who}, {method} {name} ({case}): {status}, not {sorted(right)}")
    return wrong, counts


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_answers_everybody_as_the_table_says(
    world: World, method: str, record_property: Any
) -> None:
    """In each stage of a case; the counts are part of the report."""
    wrong, counts = tried(world, world.browsers(), method)
    told = {"addresses": len(names()), "people": len(world.people), "cases": len(STANDING)}
    for name, count in {**told, "answers": counts.total(), **counts}.items():
        record_property(name, count)
    print(f"\npolicy matrix, {method}: {told} {counts.total()} answers, by status {dict(counts)}")
    assert not wrong, "\n".join(wrong)
    assert not [status for status in counts if status >= "500"]


def test_posts_of_those_who_may_not_change_nothing(world: World) -> None:
    """With fields that would do something, from whoever has no relation that allows it."""
    sent = {
        "answer": "accept", "shared": "1", "reason": "理由", "category": "leak", "urgency": "now",
        "title": "件", "situation": "文", "body": "文", "duty": "reviewer", "comment": "文",
        "summary": "文", "measures": "文", "version": "1", "draft_version": "1",
        "token": "5" * 32, "expert": str(world.people["unrelated expert"].pk),
    }  # fmt: skip
    before = list(Consultation.objects.order_by("ref").values()), list(Draft.objects.values())
    browsers, wrong = world.browsers(), []
    for case in STANDING:
        for who, window in browsers.items():
            for name, where in addresses(world, case):
                if not name.startswith("consultations:"):
                    continue
                right = expected(world, case, who, name, rule_at(name, where), "post")
                if right <= {401, 403, 404} and name != "consultations:pdf":
                    status = window.post(where, sent).status_code
                    if status not in right:
                        wrong.append(f"{who} posts {name} ({case}): {status}")
    assert not wrong, "\n".join(wrong)
    now = list(Consultation.objects.order_by("ref").values()), list(Draft.objects.values())
    assert now == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "head", "trace"])
def test_no_other_method_gets_further_than_a_get_does(world: World, method: str) -> None:
    """For whom a case is not there, it is not there by any method."""
    browsers = world.browsers()
    for who in ("anonymous", "same firm", "other firm", "formerly assigned", "partner"):
        for name in ("detail", "advice", "send", "pdf"):
            where = reverse(f"consultations:{name}", args=[world.cases["at work"].ref])
            status = undone(lambda w=browsers[who], p=where: getattr(w, method)(p).status_code)
            assert status in (302, 401, 403, 404, 405), (who, name)


def unguarded(request: Any) -> HttpResponse:
    """A view that somebody forgot to guard."""
    return HttpResponse("geheim")


urlpatterns = [path("forgotten/", unguarded, name="forgotten"), *portal_urls.urlpatterns]


def test_an_address_without_a_rule_answers_nobody(world: World, settings: Any) -> None:
    """And the test of rules above would fail for it."""
    settings.ROOT_URLCONF = __name__
    for who, window in world.browsers().items():
        answer = window.get("/forgotten/")
        assert answer.status_code == 403, who
        assert b"geheim" not in answer.content
    assert "forgotten" in names()
    with pytest.raises(AssertionError, match="has no rule"):
        rule_at("forgotten", "/forgotten/")


def test_an_address_whose_arguments_nobody_gave_fails(world: World) -> None:
    """A new one cannot be left out by accident."""
    with pytest.raises(LookupError, match=r"tests/world\.py"):
        arguments("seminars:detail", world.arguments("at work"), {})


@pytest.mark.parametrize("case", STANDING)
def test_the_product_thinks_of_relations_as_this_test_does(world: World, case: str) -> None:
    """visible_to and relations_of agree with the table written by hand, and so with each other."""
    found = world.cases[case]
    for who, person in world.people.items():
        if person is None:
            continue
        sees = Consultation.objects.visible_to(person).filter(pk=found.pk).exists()
        assert sees is (who in STANDING[case]), who
        relations = found.relations_of(person) - {Relation.FORMER}
        assert relations == STANDING[case].get(who, frozenset()), who


def test_who_leaves_the_firm_sees_its_cases_no_more() -> None:
    """At once, also in a session that goes on, and also one's own."""
    made = scene(State.IN_PROGRESS)
    client = sign_in(Client(), made.owner)
    where = reverse("consultations:detail", args=[made.case.ref])
    assert client.get(where).status_code == 200
    Membership.objects.filter(user=made.owner).update(ended_at=timezone.now())
    assert client.get(where).status_code == 404


def test_whose_account_is_closed_is_a_visitor_at_once() -> None:
    """In the session that goes on."""
    made = scene(State.IN_PROGRESS)
    client = sign_in(Client(), made.adviser)
    where = reverse("consultations:detail", args=[made.case.ref])
    assert client.get(where).status_code == 200
    type(made.adviser).objects.filter(pk=made.adviser.pk).update(is_active=False)
    answer = client.get(where)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_reason_opens_a_case_for_four_hours_only() -> None:
    """Then it has to be given again."""
    made = scene(State.IN_PROGRESS)
    services.disclose(made.case, by=made.staff, reason="苦情の確認")
    assert Relation.DISCLOSED in made.case.relations_of(made.staff)
    late = timezone.now() - timezone.timedelta(hours=4, minutes=1)
    made.case.disclosures.update(at=late)
    assert made.case.relations_of(made.staff) == frozenset()


def test_nobody_gets_past_without_a_second_factor() -> None:
    """A professional with a password alone is led to set one up, whatever the address."""
    expert = UserFactory(expert=True, second_factor=False)
    client = Client()
    client.force_login(expert)
    for name in ("portal:expert", "consultations:list", "accounts:profile"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer["Location"] == reverse("mfa_index")
