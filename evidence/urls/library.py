"""Addresses of the library: reviews, their versions, and what is written for them."""

from django.urls import path

from evidence.views import feeds, pages, versions

urlpatterns = [
    path("", pages.Library.as_view(), name="list"),
    path("feed.atom", feeds.LibraryFeed.as_view(), name="feed"),
    path("<slug:slug>/", pages.ReviewPage.as_view(), name="page"),
    path("<slug:slug>/versions/", versions.VersionsPage.as_view(), name="versions"),
    path("<slug:slug>/v/<int:number>/", pages.VersionPage.as_view(), name="version"),
    path("<slug:slug>/v/<int:number>/changes/", versions.ChangesPage.as_view(), name="changes"),
    path("<slug:slug>/preview/", pages.PreviewPage.as_view(), name="preview"),
]
