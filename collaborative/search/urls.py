"""The addresses of the search page and of what it suggests while somebody types."""

from django.urls import path

from collaborative.search.views import SearchPage, Suggestions

urlpatterns = [
    path("", SearchPage.as_view(), name="search"),
    path("suggest/", Suggestions.as_view(), name="search_suggest"),
]
