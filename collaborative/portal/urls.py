"""Addresses of the roof."""

from django.urls import path

from collaborative.core.left_open import LeftOpen
from collaborative.core.views import Page
from collaborative.portal import views
from collaborative.portal.gallery import Gallery


def words(name):
    """Return the view of a page that is only words."""
    return Page.as_view(template_name=f"portal/{name}.html", policy="public")


urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("me/", views.Me.as_view(), name="me"),
    path("me/not-sent/", LeftOpen.as_view(), name="left_open"),
    path("about/", words("about"), name="about"),
    path("accessibility/", words("accessibility"), name="accessibility"),
    path("privacy/", views.Privacy.as_view(), name="privacy"),
    path("cookies/", words("cookies"), name="cookies"),
    path("report-a-problem/", views.ReportProblem.as_view(), name="report_problem"),
    path("components/", Gallery.as_view(), name="components"),
    path("robots.txt", views.robots, name="robots"),
]
