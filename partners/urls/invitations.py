"""Addresses to which letters of invitation lead."""

from django.urls import path

from partners.views import invitations

app_name = "invitations"
urlpatterns = [
    path("<str:token>/", invitations.InvitationPage.as_view(), name="page"),
    path("<str:token>/start/", invitations.start, name="start"),
    path("<str:token>/accept/", invitations.accept, name="accept"),
    path("<str:token>/decline/", invitations.decline, name="decline"),
]
