"""Sign-in and what belongs to it, by django-allauth."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
