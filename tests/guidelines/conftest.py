"""Connections of other roles and other windows, as the kernel's tests have them."""

from tests.common.conftest import as_owner, elsewhere

__all__ = ["as_owner", "elsewhere"]
