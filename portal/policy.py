"""Who may open the pages of the whole portal."""

from common.policy import EVERYONE, SIGNED_IN, Role, Table, only

RULES: Table = {
    ("page", "read"): EVERYONE,
    ("search", "read"): EVERYONE,
    ("health", "read"): EVERYONE,
    ("demo", "read"): EVERYONE,
    ("start", "read"): SIGNED_IN,
    ("firm_start", "read"): only(Role.MEMBER),
    ("expert_start", "read"): only(Role.EXPERT),
    ("staff_start", "read"): only(Role.STAFF, Role.EDITOR),
    ("partner_start", "read"): only(Role.PARTNER),
    ("audit_log", "read"): only(Role.AUDITOR),
    ("audit_log", "export"): only(Role.AUDITOR),
    ("job", "revive"): only(Role.STAFF),
}
