"""Addresses of the programmes."""

from django.urls import path

from partners import views

app_name = "programmes"
urlpatterns = [
    path("", views.Programmes.as_view(), name="list"),
    path("<slug:slug>/", views.ProgrammePage.as_view(), name="page"),
]
