"""Addresses of the acts from a review's desk."""

from django.urls import path

from evidence.views import acts

urlpatterns = [
    path("<slug:slug>/desk/acts/<slug:name>/", acts.ActPage.as_view(), name="act"),
    path("<slug:slug>/desk/checklist/<int:pk>/", acts.tick, name="tick"),
]
