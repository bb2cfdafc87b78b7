"""Addresses of practice sheets, below the library’s."""

from django.urls import path

from evidence.urls import citations
from evidence.views import feeds, practices, practices_tried, practices_writing

app_name = "practices"
urlpatterns = [
    path("", practices.Sheets.as_view(), name="list"),
    path("feed.atom", feeds.SheetsFeed.as_view(), name="feed"),
    path("new/", practices_writing.New.as_view(), name="new"),
    path("mine/", practices.Mine.as_view(), name="mine"),
    *citations.of_sheets,
    path("<slug:slug>/", practices.SheetPage.as_view(), name="page"),
    path("<slug:slug>/edit/", practices_writing.Edit.as_view(), name="edit"),
    path("<slug:slug>/take-back/", practices_writing.take_back, name="take_back"),
    path("<slug:slug>/discard/", practices_writing.Discard.as_view(), name="discard"),
    path("<slug:slug>/try/", practices_tried.Try.as_view(), name="try"),
    path("<slug:slug>/tried/<int:pk>/", practices_tried.ChangeNote.as_view(), name="tried"),
    path("<slug:slug>/tried/<int:pk>/delete/", practices_tried.DeleteNote.as_view(), name="delete_tried"),
    path("<slug:slug>/tried/<int:pk>/hide/", practices_tried.HideNote.as_view(), name="hide_tried"),
    path("<slug:slug>/tried/<int:pk>/show/", practices_tried.show_note, name="show_tried"),
]
