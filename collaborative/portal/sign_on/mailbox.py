"""The code that shows that somebody reads the mailbox of an address, while their sign-on waits for it."""

from secrets import token_hex

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core import ratelimit

from collaborative.core.errors import Refused
from partners.services.sign_on import meaning_of

KEPT = "sign_on_waiting"
"""Where the session keeps it."""


class MailboxProof(AbstractCodeVerificationProcess):
    """A sign-on that waits: a quarter of an hour, three tries, in this session alone.

    It keeps what the provider said in ``state``, and makes nothing and links nothing until the code came.
    """

    def __init__(self, request, state):
        self.request = request
        super().__init__(
            max_attempts=app_settings.EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
            state=state,
        )

    @classmethod
    def begin(cls, request, service, login, email, *, another):
        """Send the code, or, when the account is ``another`` person's, a letter that says so; the page is the same.

        Raises ``Refused`` when there were too many, or when the mail server does not take the letter.
        """
        said = {
            "service": service.key,
            "meaning": meaning_of(service),
            "uid": login.account.uid,
            "name": login.user.name,
            "next": login.state.get("next") or "",
            "another": another,
        }
        proof = cls(request, cls.initial_state(None, email) | said)
        proof.send()
        proof.persist()

    @classmethod
    def resume(cls, request):
        """Return what waits in this session, or None."""
        state = request.session.get(KEPT)
        return cls(request, state).abort_if_invalid() if state else None

    @property
    def email(self):
        """The address that is to be proven."""
        return self.state["email"]

    def send(self):
        """Write to the mailbox."""
        adapter = get_adapter(self.request)
        if not ratelimit.consume(self.request, action="confirm_email", key=self.email):
            raise Refused(adapter.error_messages["rate_limited"])
        code = adapter.generate_email_verification_code()
        self.state["code"] = token_hex() if self.state["another"] else code
        letter = "another_person" if self.state["another"] else "confirm_address"
        adapter.send_mail(f"socialaccount/email/{letter}", self.email, {"code": code, "email": self.email})

    def persist(self):
        """Keep it in the session."""
        self.request.session[KEPT] = self.state

    def abort(self):
        """Let it go."""
        self.request.session.pop(KEPT, None)
