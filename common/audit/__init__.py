"""The audit log: append-only, chained by hashes in the database, ids and verbs only."""

from common.audit.log import REGISTERED, events_about, record, register_kinds

__all__ = ["REGISTERED", "events_about", "record", "register_kinds"]
