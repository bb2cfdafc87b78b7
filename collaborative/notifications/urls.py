"""Addresses of a person's own notifications and choices, below ``/me/``."""

from django.urls import path

from collaborative.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.Notifications.as_view(), name="notifications"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/<int:pk>/read/", views.read, name="read"),
    path("preferences/", views.Preferences.as_view(), name="preferences"),
    path("follow/", views.follow, name="follow"),
    path("unfollow/", views.unfollow, name="unfollow"),
]
