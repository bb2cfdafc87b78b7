"""Addresses; being built."""

from django.urls import path

from collaborative.core.views import Page

app_name = "projects"
coming = Page.as_view(template_name="base.html", policy="public")
urlpatterns = [
    path("", coming, name="list"),
    path("propose/", coming, name="propose"),
    path("areas/", coming, name="areas"),
    path("areas/<slug:slug>/", coming, name="area"),
    path("<slug:slug>/", coming, name="page"),
]
