"""Addresses of the directory."""

from django.urls import path

from partners.views import directory

app_name = "partners"
urlpatterns = [
    path("", directory.Directory.as_view(), name="list"),
    path("<slug:slug>/", directory.OrganisationPage.as_view(), name="page"),
]
