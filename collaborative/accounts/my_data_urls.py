"""Addresses of what is held of oneself."""

from django.urls import path

from collaborative.accounts import my_data
from collaborative.core.views import Page

app_name = "my_data"
urlpatterns = [
    path("", my_data.DataPage.as_view(), name="held"),
    path("download/", my_data.Download.as_view(), name="download"),
    path("close/", my_data.Close.as_view(), name="close"),
    path("closed/", Page.as_view(template_name="me/data_closed.html", policy="public"), name="closed"),
]
