"""Sign-in and what belongs to it: django-allauth's addresses, and the account's own pages."""

from allauth.urls import urlpatterns as allauth_patterns
from django.urls import URLResolver, include, path

from collaborative.accounts import views

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
}
"""allauth's pages for people who are not signed in; all others are for those who are."""


def pages(patterns):
    """Yield every page below some addresses."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from pages(pattern.url_patterns)
        else:
            yield pattern


for page in pages(allauth_patterns):
    page.callback.policy = "public" if page.name in FOR_ANYONE else "signed_in"

urlpatterns = [
    path("", views.AccountPage.as_view(), name="account_index"),
    path("details/", views.DetailsPage.as_view(), name="account_details"),
    path("second-factor/", views.SecondFactorNeeded.as_view(), name="account_second_factor_needed"),
    path("", include(allauth_patterns)),
]
