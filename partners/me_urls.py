"""Addresses below /me/ of what concerns one's own places in organisations."""

from django.urls import path

from partners.views import profiles

app_name = "mine"
urlpatterns = [
    path("profile/", profiles.OwnProfile.as_view(), name="profile"),
]
