"""Every address of the portal. Addresses are part of the product: stable, readable, never reused."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("collaborative.portal.urls")),
    path("evidence/", include("evidence.urls")),
    path("projects/", include("projects.urls")),
    path("training/", include("training.urls")),
    path("partners/", include("partners.urls")),
    path("programmes/", include("partners.programme_urls")),
    path("themes/", include("collaborative.vocabulary.urls")),
    path("search/", include("collaborative.search.urls")),
    path("me/", include("collaborative.notifications.urls")),
    path("accounts/", include("collaborative.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
