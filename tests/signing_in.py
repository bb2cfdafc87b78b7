"""What signing in leaves in a session, for tests that begin with somebody who has."""

import time

from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str

from collaborative.accounts.second_factor import FACTORS


def leave_records(session, user):
    """Write that the password was typed in this session, and the second factor used, if the person has one."""
    records = [{"method": "password", "at": time.time(), "email": user.email}]
    for each in user.authenticator_set.filter(type__in=FACTORS)[:1]:
        records.append({"method": "mfa", "at": time.time(), "id": each.pk, "type": each.type})
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
