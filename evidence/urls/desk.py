"""Addresses of the desk, where a review is followed from commission to archive."""

from django.urls import path

from evidence.views import desk

urlpatterns = [
    path("desk/", desk.Desks.as_view(), name="desks"),
    path("<slug:slug>/desk/", desk.Desk.as_view(), name="desk"),
]
