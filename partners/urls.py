"""Addresses of the directory."""

from django.urls import path

from partners.views import directory, inviting

app_name = "partners"
urlpatterns = [
    path("", directory.Directory.as_view(), name="list"),
    path("<slug:slug>/", directory.OrganisationPage.as_view(), name="page"),
    path("<slug:slug>/invite/", inviting.Invite.as_view(), name="invite"),
    path("<slug:slug>/invitations/", inviting.Invitations.as_view(), name="invitations"),
    path("<slug:slug>/invitations/<int:pk>/withdraw/", inviting.withdraw, name="withdraw_invitation"),
    path("<slug:slug>/invitations/<int:pk>/again/", inviting.send_again, name="send_invitation_again"),
]
