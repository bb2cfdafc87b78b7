"""Addresses; being built."""

from django.urls import path

from collaborative.core.views import Page

app_name = "programmes"
coming = Page.as_view(template_name="base.html", policy="public")
urlpatterns = [
    path("", coming, name="list"),
    path("<slug:slug>/", coming, name="page"),
]
