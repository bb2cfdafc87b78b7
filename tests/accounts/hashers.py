"""A hasher that counts its work, to compare how long two answers take without a clock."""

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    """MD5 that remembers how often it was asked."""

    algorithm = "counting"
    asked = 0

    def encode(self, password, salt):
        """Count, then hash."""
        type(self).asked += 1
        return super().encode(password, salt)
