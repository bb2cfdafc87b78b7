"""Addresses of the directory."""

from django.urls import path

from partners import views

app_name = "partners"
urlpatterns = [
    path("", views.Directory.as_view(), name="list"),
    path("<slug:slug>/", views.OrganisationPage.as_view(), name="page"),
]
