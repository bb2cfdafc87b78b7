"""Every address of the portal. Addresses are part of the product: stable, readable, never reused."""

from django.contrib import admin
from django.urls import include, path

from collaborative.accounts.views import choose_language

urlpatterns = [
    path("", include("collaborative.portal.urls")),
    path("", include("collaborative.outputs.urls")),
    path("evidence/practices/", include("evidence.urls.practices")),
    path("evidence/", include("evidence.urls")),
    path("projects/", include("projects.urls")),
    path("training/", include("training.urls")),
    path("partners/", include("partners.urls.directory")),
    path("people/", include("partners.urls.people")),
    path("invitations/", include("partners.urls.invitations")),
    path("programmes/", include("partners.urls.programmes")),
    path("themes/", include("collaborative.vocabulary.urls")),
    path("api/v1/", include("collaborative.outputs.api.urls")),
    path("search/", include("collaborative.search.urls")),
    path("oai", include("collaborative.outputs.oai.urls")),
    path("me/", include("collaborative.notifications.urls")),
    path("me/", include("partners.urls.mine")),
    path("me/data/", include("collaborative.accounts.my_data_urls")),
    path("accounts/", include("collaborative.portal.sign_on.urls")),
    path("accounts/", include("collaborative.accounts.urls")),
    path("i18n/setlang/", choose_language, name="set_language"),
    path("admin/", admin.site.urls),
]
