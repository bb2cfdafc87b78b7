"""Addresses of citations to download: those of the page, with the format's ending; slugs have no dots."""

from django.urls import re_path

from evidence.citing import FORMATS
from evidence.views import citations

SLUG = r"(?P<slug>[-a-zA-Z0-9_]+)"
ENDING = rf"\.(?P<ending>{'|'.join(ending.replace('.', '[.]') for ending in FORMATS)})$"

urlpatterns = [
    re_path(rf"^{SLUG}{ENDING}", citations.CitationOfReview.as_view(), name="cite"),
    re_path(rf"^{SLUG}/v/(?P<number>[0-9]{{1,5}}){ENDING}", citations.CitationOfVersion.as_view(), name="cite_version"),
]
of_sheets = [re_path(rf"^{SLUG}{ENDING}", citations.CitationOfSheet.as_view(), name="cite")]
