"""What machines ask for: the sitemap, feeds, how to search here."""

from collaborative.outputs.views import feeds, opensearch, sitemap

__all__ = ["feeds", "opensearch", "sitemap"]
