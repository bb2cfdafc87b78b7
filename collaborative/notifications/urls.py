"""Addresses; being built."""

from django.urls import path

from collaborative.core.views import Page

app_name = "notifications"
coming = Page.as_view(template_name="base.html", policy="public")
urlpatterns = [
    path("notifications/", coming, name="notifications"),
    path("preferences/", coming, name="preferences"),
]
