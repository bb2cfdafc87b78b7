"""Sign-in and what belongs to it: django-allauth's addresses, and the account's own pages."""

from allauth.urls import urlpatterns as everything
from django.urls import URLResolver, include, path

from collaborative.accounts import passkey_views, session_views, views

FOR_ANYONE = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_reset_password",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
"""allauth's pages for people who are not signed in; all others are for those who are."""


OFFERED = ("", "2fa/")
"""Of allauth's addresses those that we open: single sign-on has its own, in the roof, and sessions theirs, here."""


def pages(patterns):
    """Yield every page below some addresses."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from pages(pattern.url_patterns)
        else:
            yield pattern


allauth_patterns = [each for each in everything if str(each.pattern) in OFFERED]

OURS = {
    "mfa_login_webauthn": passkey_views.PasskeyLogin.as_view(),
    "mfa_reauthenticate_webauthn": passkey_views.PasskeyAgain.as_view(),
}
"""Views of ours in the place of allauth's."""

CHANGES_FACTORS = {
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
}
"""Where whoever has a second factor has to use it first: the password alone would let a thief put in their own."""

for page in pages(allauth_patterns):
    page.callback = OURS.get(page.name, page.callback)
    if page.name in CHANGES_FACTORS:
        page.callback = passkey_views.after_second_factor(page.callback)
    page.callback.policy = "public" if page.name in FOR_ANYONE else "signed_in"

urlpatterns = [
    path("", views.AccountPage.as_view(), name="account_index"),
    path("details/", views.DetailsPage.as_view(), name="account_details"),
    path("sessions/", session_views.SessionsPage.as_view(), name="account_sessions"),
    path("sessions/<int:pk>/end/", session_views.end_session, name="account_end_session"),
    path("sessions/end-others/", session_views.end_other_sessions, name="account_end_other_sessions"),
    path("second-factor/", views.SecondFactorNeeded.as_view(), name="account_second_factor_needed"),
    path("", include(allauth_patterns)),
]
