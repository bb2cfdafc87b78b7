"""The address of the search page."""

from django.urls import path

from collaborative.search.views import SearchPage

urlpatterns = [
    path("", SearchPage.as_view(), name="search"),
]
