"""Addresses below /me/ of what concerns one's own places in organisations."""

from django.urls import path

from partners.views import belonging, profiles

app_name = "mine"
urlpatterns = [
    path("organisations/", belonging.MyOrganisations.as_view(), name="organisations"),
    path("organisations/<int:pk>/act/", belonging.choose, name="choose"),
    path("profile/", profiles.OwnProfile.as_view(), name="profile"),
]
