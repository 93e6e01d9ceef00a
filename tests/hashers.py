"""Argon2 as in production, cheap enough to make hundreds of people."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2PasswordHasher(Argon2PasswordHasher):
    """The same algorithm and format; weak on purpose, for tests alone."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
