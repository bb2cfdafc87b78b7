"""A portal that takes no new accounts."""

from collaborative.portal.adapter import AccountAdapter


class ClosedAdapter(AccountAdapter):
    """Nobody may join."""

    def is_open_for_signup(self, request):
        """Say no."""
        return False
