"""Addresses of training."""

from django.urls import path

from training import views

app_name = "training"
urlpatterns = [
    path("", views.Events.as_view(), name="list"),
    path("<slug:slug>/", views.EventPage.as_view(), name="page"),
    path("<slug:slug>/book/", views.book, name="book"),
    path("<slug:slug>/cancel/", views.cancel, name="cancel"),
    path("<slug:slug>/calendar.ics", views.EventCalendar.as_view(), name="calendar"),
]
