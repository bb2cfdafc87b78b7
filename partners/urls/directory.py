"""Addresses of the directory."""

from django.urls import path

from partners.views import directory, inviting, joining, people

app_name = "partners"
urlpatterns = [
    path("", directory.Directory.as_view(), name="list"),
    path("<slug:slug>/", directory.OrganisationPage.as_view(), name="page"),
    path("<slug:slug>/join/", joining.Join.as_view(), name="join"),
    path("<slug:slug>/requests/<int:pk>/", joining.RequestPage.as_view(), name="request"),
    path("<slug:slug>/requests/<int:pk>/take-back/", joining.take_back, name="take_back"),
    path("<slug:slug>/people/", people.People.as_view(), name="people"),
    path("<slug:slug>/people/<int:pk>/", people.Change.as_view(), name="change_membership"),
    path("<slug:slug>/people/<int:pk>/end/", people.End.as_view(), name="end_membership"),
    path("<slug:slug>/invite/", inviting.Invite.as_view(), name="invite"),
    path("<slug:slug>/invitations/", inviting.Invitations.as_view(), name="invitations"),
    path("<slug:slug>/invitations/<int:pk>/withdraw/", inviting.withdraw, name="withdraw_invitation"),
    path("<slug:slug>/invitations/<int:pk>/again/", inviting.send_again, name="send_invitation_again"),
]
