"""What a case's life ought to be, written without a look at the product: who may, what happens."""

from dataclasses import dataclass, field

#: role → what stands between the person and the step; "any" where the role alone suffices.
RULES: dict[str, dict[str, set[str]]] = {
    "detail": {"member": {"own", "firm"}, "expert": {"offered", "adviser", "reviewer"}, "staff": {"any"}},
    "pdf": {"member": {"own", "firm"}, "expert": {"adviser", "reviewer"}, "staff": {"reason"}},
    "triage": {"staff": {"any"}},
    "assign": {"staff": {"any"}},
    "disclose": {"staff": {"any"}},
    "offer": {"expert": {"offered"}},
    "send": {"member": {"own", "firm"}, "expert": {"adviser"}},
    "share": {"member": {"own"}},
    "withdraw": {"member": {"own"}},
    "close": {"member": {"own", "firm"}, "expert": {"adviser"}},
    "advice": {"expert": {"adviser"}},
    "submit": {"expert": {"adviser"}},
    "issue": {"expert": {"adviser"}},
    "review": {"expert": {"reviewer"}},
    "approve": {"expert": {"reviewer"}},
}  # fmt: skip
ROLES = {
    "owner": "member", "colleague": "member", "stranger": "member", "staff": "staff",
    "other staff": "staff", "first": "expert", "second": "expert", "third": "expert",
    "editor": "editor", "partner": "partner", "auditor": "auditor",
}  # fmt: skip
EXPERTS = [who for who, role in ROLES.items() if role == "expert"]
ENDED = {"closed", "withdrawn"}
WRITING = {"in_progress", "waiting_requester"}


@dataclass
class Life:
    """One case as it ought to stand."""

    state: str = "submitted"
    history: list[str] = field(default_factory=lambda: ["submitted"])
    shared: bool = False
    firm: set[str] = field(default_factory=lambda: {"owner", "colleague"})
    reasons: set[str] = field(default_factory=set)
    #: duty → (expert, offered or accepted)
    duties: dict[str, tuple[str, bool]] = field(default_factory=dict)
    report: str = ""
    version: int = 0
    printed: bool = False

    def relations(self, who: str) -> set[str]:
        """How somebody stands to the case."""
        found = {"reason"} if who in self.reasons else set()
        if who in self.firm:
            found |= {"own"} if who == "owner" else set()
            found |= {"firm"} if self.shared else set()
        for duty, (expert, accepted) in self.duties.items():
            if expert == who:
                found.add(duty if accepted else "offered")
        return found

    def sees(self, who: str) -> bool:
        """Whether the case is there for them at all."""
        return ROLES[who] == "staff" or bool(self.relations(who) - {"reason"})

    def reads(self, who: str) -> bool:
        """Whether they are shown its content."""
        return bool(self.relations(who) - {"offered"})

    def refusal(self, who: str, step: str) -> int:
        """The status of those who may not; 0 for those who may."""
        allowed = RULES[step].get(ROLES[who])
        if allowed is None:
            return 403
        if not self.sees(who):
            return 404
        return 0 if "any" in allowed or allowed & self.relations(who) else 403

    def move(self, state: str) -> int:
        """Pass on; done."""
        self.state = state
        self.history.append(state)
        return 302

    def do(self, who: str, step: str, *, expert: str, duty: str, yes: bool) -> int:
        """The status that the step is answered with; the case is as it is afterwards."""
        refused = self.refusal(who, step)
        if refused:
            return refused
        if step in ("assign", "offer", "send"):
            return {
                "assign": lambda: self._assign(expert, duty),
                "offer": lambda: self._answer(who, yes),
                "send": lambda: self._say(who, yes),
            }[step]()
        if step in ("share", "disclose"):
            self.shared = yes if step == "share" else self.shared
            self.reasons |= {who} if step == "disclose" else set()
            return 302
        return self._lead(step)

    def _lead(self, step: str) -> int:
        """Steps that move the case as a whole."""
        if step in ("withdraw", "close"):
            return self._end(step)
        if step == "triage":
            return self.move("triage") if self.state == "submitted" else 409
        return self._advise(step)

    def _assign(self, expert: str, duty: str) -> int:
        if expert in [holder for holder, _accepted in self.duties.values()]:
            return 409
        if duty == "adviser":
            if self.state != "triage":
                return 409
            self.move("conflict_check")
        elif self.state in ENDED | {"submitted"} or duty in self.duties:
            return 409
        self.duties[duty] = (expert, False)
        return 302

    def _answer(self, who: str, yes: bool) -> int:
        duty = next(
            d for d, (expert, accepted) in self.duties.items() if (expert, accepted) == (who, False)
        )
        if yes:
            self.duties[duty] = (who, True)
        else:
            del self.duties[duty]
        if duty == "adviser":
            self.move("in_progress" if yes else "triage")
        return 302

    def _say(self, who: str, asks: bool) -> int:
        if self.state in ENDED:
            return 409
        expert = ROLES[who] == "expert"
        if expert and asks and self.state == "in_progress":
            self.move("waiting_requester")
        if not expert and self.state == "waiting_requester":
            self.move("in_progress")
        return 302

    def _end(self, step: str) -> int:
        open_to = {
            "withdraw": set(self._ALL) - ENDED - {"advised"},
            "close": {"waiting_requester", "advised"},
        }
        if self.state not in open_to[step]:
            return 409
        self.duties.clear()
        return self.move({"withdraw": "withdrawn", "close": "closed"}[step])

    _ALL = (
        "submitted", "triage", "conflict_check", "in_progress", "waiting_requester",
        "advice_review", "advised", "closed", "withdrawn",
    )  # fmt: skip

    def _advise(self, step: str) -> int:
        if step == "advice":
            if self.state not in WRITING or self.report not in ("", "drafting"):
                return 409
            self.report, self.version = "drafting", self.version + 1
            return 302
        if not self.report:
            return 404
        reviewer = self.duties.get("reviewer", ("", False))[1]
        ways = {
            "submit": ("drafting", "in_review", reviewer and self.state in WRITING),
            "review": ("in_review", "drafting", True),
            "approve": ("in_review", "approved", True),
            "issue": ("approved", "issued", True),
        }
        before, after, possible = ways[step]
        if self.report != before or not possible:
            return 409
        self.report = after
        if step in ("submit", "review"):
            self.version += step == "review"
            self.move("advice_review" if step == "submit" else "in_progress")
        return 302

    def print(self) -> None:
        """What the worker does with an issued report."""
        if self.report == "issued" and self.state == "advice_review":
            self.printed = True
            self.move("advised")
