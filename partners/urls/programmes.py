"""Addresses of the programmes."""

from django.urls import path

from partners.views import programmes

app_name = "programmes"
urlpatterns = [
    path("", programmes.Programmes.as_view(), name="list"),
    path("<slug:slug>/", programmes.ProgrammePage.as_view(), name="page"),
]
