"""Addresses of evidence, one file for each place; those with fixed words come before those with a review's own."""

from evidence.urls import acts, asked, citations, desk, files, library, peer_review, writing

app_name = "evidence"
urlpatterns = [
    *peer_review.urlpatterns,
    *asked.urlpatterns,
    *desk.urlpatterns,
    *acts.urlpatterns,
    *writing.urlpatterns,
    *files.urlpatterns,
    *citations.urlpatterns,
    *library.urlpatterns,
]
