"""Somebody whom their organisation vouches for, and whom we do not know yet by that service.

An address that the provider gives is only believed when the provider says that it is verified *and* it lies on
one of the organisation's own confirmed domains *and* nobody here has it. In every other case a code goes to the
mailbox, and the page says the same whether or not an account has the address: only who reads the mailbox can
go on, into the account that has it or a new one.
"""

import logging
from secrets import compare_digest

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.core.exceptions import SignupClosedException
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.email_authentication import wipe_password
from allauth.socialaccount.internal.flows.signup import complete_social_signup
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import ProviderException
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.core.errors import Refused
from collaborative.portal.sign_on.answers import failed
from collaborative.portal.sign_on.applications import app_of
from collaborative.portal.sign_on.mailbox import MailboxProof
from partners.models import SignOn
from partners.services.sign_on import meaning_of, record_link, vouches_for

log = logging.getLogger(__name__)
NO_ADDRESS = _(
    "Your organisation’s sign-in did not tell us your e-mail address, and without one there is no account. "
    "Ask your IT department to send it."
)
ANOTHER = _(
    "The account with this address signs in through your organisation as another person. "
    "Ask the people who run this portal."
)
AT_ONCE = _("Something else happened to this account at the same moment. Begin again.")


def check_nonce(login):
    """Raise ``ProviderException`` when an identity token does not answer the question of this session."""
    asked = login.state.get("nonce")
    if asked is not None and not compare_digest(asked, str(getattr(login, "nonce", None))):
        raise ProviderException("the identity token answers another question")


def of_somebody_new(request, login):
    """Let somebody in, or send a code to their mailbox first; return the answer."""
    service = SignOn.objects.enabled().get(key=login.account.provider)
    address = next((each for each in login.email_addresses if each.email), None)
    if address is None:
        return failed(request, NO_ADDRESS)
    email = address.email.lower()
    leave(request)
    if address.verified and vouches_for(service, email) and account_of(email) is None:
        return admit(request, login, email)
    owner = account_of(email)
    another = owner is not None and is_another(owner, service.key, login.account.uid)
    MailboxProof.begin(request, service, login, email, another=another)
    return redirect("sign_on_confirm")


def leave(request):
    """End the session of whoever was signed in here before: someone arrives."""
    if request.user.is_authenticated:
        get_account_adapter(request).logout(request)


def account_of(email):
    """Return the account that an address belongs to, or None."""
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return confirmed.user if confirmed else User.objects.filter(email__iexact=email).first()


def login_from(request, kept):
    """Return the sign-in that waited for its code; raises ``Refused`` when its service was turned off or replaced."""
    service = SignOn.objects.enabled().filter(key=kept["service"]).first()
    if service is None or meaning_of(service) != kept["meaning"]:
        raise Refused(_("This way of signing in was changed just now. Begin again."))
    provider = provider_of(request, service)
    login = SocialLogin(provider=provider, account=SocialAccount(provider=service.key, uid=kept["uid"], extra_data={}))
    login.user = get_adapter(request).new_user(request, login)
    get_adapter(request).populate_user(request, login, {"email": kept["email"], "name": kept["name"]})
    login.state = {"next": kept["next"]} if kept["next"] else {}
    return login


def provider_of(request, service):
    """Return allauth's provider for a service."""
    return app_of(service).get_provider(request)


def admit(request, login, email, *, by_code=False):
    """Let in somebody whose address is proven: into the account that has it, or a new one; return the answer.

    Only who read the mailbox (``by_code``) comes into an account that exists. Raises ``Refused`` when something
    else happened to the account at the same moment, or when it belongs to another person of the same service:
    addresses are given to others when people leave.
    """
    try:
        if account_of(email) is None:
            check_open(request, login, email)
        with transaction.atomic():
            user = account_of(email)
            made = user is None
            if made:
                make(request, login, email)
            elif by_code:
                link(request, login, User.objects.select_for_update().get(pk=user.pk), email)
            else:
                raise Refused(AT_ONCE)
    except IntegrityError:
        raise Refused(AT_ONCE) from None
    if made:
        return complete_social_signup(request, login)
    tell_of_link(request, login)
    return enter(request, login)


def check_open(request, login, email):
    """Raise ``SignupClosedException`` or ``Refused`` where no account can be made, or not for this address."""
    if not get_adapter(request).is_open_for_signup(request, login):
        raise SignupClosedException
    try:
        get_account_adapter(request).check_joining(email)
    except ValidationError as error:
        raise Refused(error.messages[0]) from None


def make(request, login, email):
    """Make the account, with its proven address."""
    EmailAddress.objects.filter(email__iexact=email, verified=False).delete()
    login.user.email = email
    login.email_addresses = [EmailAddress(email=email, verified=True, primary=True)]
    get_adapter(request).save_user(request, login)
    record_link(login.user, login.account.provider)


def link(request, login, user, email):
    """Join the service to an account whose mailbox was just proven.

    A password that somebody set before the address was ever confirmed may be a stranger's: it goes.
    """
    if is_another(user, login.account.provider, login.account.uid):
        raise Refused(ANOTHER)
    wipe_password(request, user, email)
    EmailAddress.objects.filter(email__iexact=email, verified=False).exclude(user=user).delete()
    proven = {"verified": True, "primary": user.email == email}
    EmailAddress.objects.update_or_create(user=user, email=email, defaults=proven)
    login.user = user
    login.save(request, connect=True)
    record_link(user, login.account.provider)


def is_another(user, key, uid):
    """Say whether a service knows an account's person by another identifier already."""
    return SocialAccount.objects.filter(user=user, provider=key).exclude(uid=uid).exists()


def tell_of_link(request, login):
    """Tell an account's owner that a service was joined to it."""
    get_adapter(request).send_notification_mail(
        "socialaccount/email/account_connected", login.user, context={"service": login.provider.app.name}
    )


def enter(request, login):
    """Go on to the session by the way that every sign-in takes, second factor included."""
    account = login.account
    record_authentication(request, login.user, "socialaccount", provider=account.provider, uid=account.uid)
    where = login.state.get("next")
    return perform_login(request, login.user, redirect_url=where, signal_kwargs={"sociallogin": login})
