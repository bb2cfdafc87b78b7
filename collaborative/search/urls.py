"""Addresses; being built."""

from django.urls import path

from collaborative.core.views import Page

coming = Page.as_view(template_name="base.html", policy="public")
urlpatterns = [
    path("", coming, name="search"),
]
