"""Addresses of the themes."""

from django.urls import path

from collaborative.vocabulary import views

app_name = "themes"
urlpatterns = [
    path("", views.Themes.as_view(), name="list"),
    path("<slug:slug>/", views.ThemePage.as_view(), name="page"),
]
