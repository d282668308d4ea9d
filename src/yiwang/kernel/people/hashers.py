"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class TownArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with the second recommended setting of RFC 9106, section 4: 3 passes over 64 MiB.

    Django's own default takes 100 MiB; two sign-ins at once would not fit a small worker.
    """

    time_cost = 3
    memory_cost = 65_536  # KiB
    parallelism = 4
