"""Addresses of asking for another format or language."""

from django.urls import path

from evidence.views import asked

urlpatterns = [
    path("requests/", asked.AskedList.as_view(), name="asked"),
    path("requests/<int:pk>/", asked.AnswerAskedPage.as_view(), name="answer_asked"),
    path("<slug:slug>/ask/", asked.AskPage.as_view(), name="ask"),
]
