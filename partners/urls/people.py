"""Addresses of the expertise finder and of people's pages."""

from django.urls import path

from partners.views import finder, profiles

app_name = "people"
urlpatterns = [
    path("", finder.Finder.as_view(), name="list"),
    path("<slug:slug>/", profiles.PersonPage.as_view(), name="page"),
    path("<slug:slug>/picture/", profiles.Picture.as_view(), name="picture"),
]
