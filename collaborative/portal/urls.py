"""Addresses; being built."""

from django.urls import path

from collaborative.core.views import Page

coming = Page.as_view(template_name="base.html", policy="public")
urlpatterns = [
    path("", coming, name="home"),
    path("about/", coming, name="about"),
    path("accessibility/", coming, name="accessibility"),
    path("privacy/", coming, name="privacy"),
    path("cookies/", coming, name="cookies"),
    path("report-a-problem/", coming, name="report_problem"),
    path("me/", coming, name="me"),
]
