"""Addresses of the evidence library."""

from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.Library.as_view(), name="list"),
    path("<slug:slug>/", views.ReviewPage.as_view(), name="page"),
    path("<slug:slug>/preview/", views.PreviewPage.as_view(), name="preview"),
]
