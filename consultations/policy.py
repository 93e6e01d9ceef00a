"""Who may do what with a consultation. `see` shows the status, `read` the content."""

from common.policy import Relation, Role, Table, only

_FIRM = frozenset({Relation.OWN, Relation.FIRM})
_HANDLING = frozenset({Relation.ASSIGNED, Relation.REVIEWING})
_MEMBER = {Role.MEMBER: _FIRM}
_ADVISER = only(Role.EXPERT, by=(Relation.ASSIGNED,))

RULES: Table = {
    ("consultation", "list"): only(Role.MEMBER, Role.EXPERT, Role.STAFF),
    ("consultation", "file"): only(Role.MEMBER),
    ("draft", "read"): only(Role.MEMBER, by=(Relation.OWN,)),
    ("draft", "change"): only(Role.MEMBER, by=(Relation.OWN,)),
    ("consultation", "see"): {
        **_MEMBER,
        Role.EXPERT: _HANDLING | {Relation.OFFERED},
        **only(Role.STAFF),
    },
    ("consultation", "read"): {
        **_MEMBER,
        Role.EXPERT: _HANDLING,
        Role.STAFF: frozenset({Relation.DISCLOSED}),
    },
    ("consultation", "reply"): {**_MEMBER, **_ADVISER},
    ("consultation", "share"): only(Role.MEMBER, by=(Relation.OWN,)),
    ("consultation", "withdraw"): only(Role.MEMBER, by=(Relation.OWN,)),
    ("consultation", "close"): {**_MEMBER, **_ADVISER},
    ("consultation", "triage"): only(Role.STAFF),
    ("consultation", "assign"): only(Role.STAFF),
    ("consultation", "disclose"): only(Role.STAFF),
    ("consultation", "answer_offer"): only(Role.EXPERT, by=(Relation.OFFERED,)),
    ("consultation", "advise"): _ADVISER,
    ("consultation", "review"): only(Role.EXPERT, by=(Relation.REVIEWING,)),
    ("consultation", "see_advice"): {
        **_MEMBER,
        Role.EXPERT: _HANDLING,
        Role.STAFF: frozenset({Relation.DISCLOSED}),
    },
}
