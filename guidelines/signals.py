"""Signals for the apps above."""

from django.dispatch import Signal

#: Sent in the transaction of publication, with `edition`.
edition_published = Signal()
