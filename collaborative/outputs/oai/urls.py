"""The address of the harvest, without a slash at its end, as harvesters know it."""

from django.urls import path

from collaborative.outputs.oai.views import oai

urlpatterns = [path("", oai, name="oai")]
