"""The step of every sign-in at which an organisation may demand that its own service was used."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import LoginStage
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from partners.services.sign_on import required_of


class OrganisationStage(LoginStage):
    """Sends on whoever has to sign in through their organisation, and did not.

    It comes after password, code and second factor, so that it tells nobody else where a person works.
    """

    key = "organisation"

    def handle(self):
        """Let them in, or send them to the page where one goes on to one's organisation.

        A session that began there ends with the browser: nobody was asked whether it may stay.
        """
        required = required_of(self.login.user)
        records = get_authentication_records(self.request, self.login.user)
        used = {each.get("provider") for each in records if each["method"] == "socialaccount"}
        if used:
            self.request.session.set_expiry(0)
        if not required or any(service.key in used for service in required):
            return None, True
        name = {"organisation": required[0].organisation}
        messages.error(self.request, _("%(organisation)s asks its people to sign in through its own sign-in.") % name)
        return redirect("sign_on"), False
