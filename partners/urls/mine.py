"""Addresses below /me/ of what concerns one's own places in organisations."""

from django.urls import path

from partners.views import belonging, handing_on, profiles

app_name = "mine"
urlpatterns = [
    path("handovers/<int:pk>/", handing_on.HandoverPage.as_view(), name="handover"),
    path("handovers/<int:pk>/release/", handing_on.release, name="release_handover"),
    path("handovers/<int:pk>/close/", handing_on.close, name="close_handover"),
    path("organisations/<int:pk>/leave/", handing_on.Leave.as_view(), name="leave"),
    path("organisations/", belonging.MyOrganisations.as_view(), name="organisations"),
    path("organisations/<int:pk>/act/", belonging.choose, name="choose"),
    path("profile/", profiles.OwnProfile.as_view(), name="profile"),
]
