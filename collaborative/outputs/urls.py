"""Addresses of what is handed on whole: sitemap, feeds that are no feature's own, how to search here."""

from django.urls import path

from collaborative.outputs.views import feeds, opensearch, sitemap

urlpatterns = [
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-pages.xml", sitemap.pages, name="sitemap_pages"),
    path("sitemap-<slug:kind>-<int:number>.xml", sitemap.of_kind, name="sitemap_of"),
    path("opensearch.xml", opensearch.description, name="opensearch"),
    path("themes/<slug:slug>/feed.atom", feeds.ThemeFeed.as_view(), name="theme_feed"),
    path("search/feed.atom", feeds.SearchFeed.as_view(), name="search_feed"),
]
