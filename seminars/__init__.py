"""Seminars and registrations. No account is needed."""
