"""Addresses of single sign-on, below /accounts/. Those with a key are known to other people's servers: they stay."""

from django.urls import path

from collaborative.portal.sign_on import views

urlpatterns = [
    path("organisation/", views.SignOnPage.as_view(), name="sign_on"),
    path("organisation/confirm/", views.ConfirmPage.as_view(), name="sign_on_confirm"),
    path("organisation/links/", views.LinksPage.as_view(), name="sign_on_links"),
    path("organisation/links/remove/", views.remove_link, name="sign_on_unlink"),
    path("oidc/<slug:key>/login/callback/", views.openid_callback, name="openid_connect_callback"),
    path("saml/<slug:key>/acs/", views.saml_acs, name="saml_acs"),
    path("saml/<slug:key>/acs/finish/", views.saml_finish_acs, name="saml_finish_acs"),
    path("saml/<slug:key>/metadata/", views.saml_metadata, name="saml_metadata"),
]
