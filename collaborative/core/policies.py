"""Who may do what, and the reason when not.

A policy is a function of a user and a thing that answers ``ALLOWED`` or
``refusal("A sentence.")``. An unknown name is a mistake and raises.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Answer:
    """What a policy says: true when allowed, else with the reason in words for the person.

    ``remedy`` names the page on which the person can put right what stops them: pages lead there.
    """

    allowed: bool
    reason: str = ""
    remedy: str = ""

    def __bool__(self):
        return self.allowed


ALLOWED = Answer(True)
SIGN_IN = Answer(False, _("Sign in to do this."))

_policies = {}


def refusal(reason, remedy=""):
    """Return the answer no, with a reason that the person can read, and the name of a page that helps."""
    return Answer(False, reason, remedy)


def policy(name):
    """Register the decorated ``(user, thing) -> Answer`` under ``app.verb``."""

    def register(rule):
        if name in _policies:
            raise ValueError(f"two policies are called {name}")
        _policies[name] = rule
        return rule

    return register


def ask(name, user, thing=None):
    """Return the policy's answer; raises ``LookupError`` when no policy has that name."""
    return _policies[name](user, thing)


def offers(name, user, thing=None):
    """Say whether to show the way to an act: it is allowed, or its person can put right what stops them."""
    answer = ask(name, user, thing)
    return answer.allowed or bool(answer.remedy)


def require(name, user, thing=None):
    """Return quietly when allowed; raises ``PermissionDenied`` with the reason when not."""
    answer = ask(name, user, thing)
    if not answer:
        raise PermissionDenied(answer.reason)


def names():
    """Return the names of all policies."""
    return sorted(_policies)


@policy("public")
def public(user, thing):
    """Anyone may; what is shown is still filtered by ``visible_to``."""
    return ALLOWED


@policy("signed_in")
def signed_in(user, thing):
    """Anyone with an account may."""
    return ALLOWED if user.is_authenticated else SIGN_IN
