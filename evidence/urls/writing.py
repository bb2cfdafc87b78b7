"""Addresses of the pages on which a text is written, below its desk."""

from django.urls import path, re_path

from evidence.services.writing import LISTS, ROWS
from evidence.views import writing, writing_rows

BELOW = r"^(?P<slug>[-\w]+)/desk/write"
LIST, ROW = (rf"{BELOW}/(?P<part>{'|'.join(names)})/" for names in (LISTS, ROWS))

urlpatterns = [
    path("<slug:slug>/desk/write/", writing.Parts.as_view(), name="write"),
    path("<slug:slug>/desk/write/text/", writing.WriteText.as_view(), name="write_text"),
    re_path(rf"{LIST}$", writing.WriteList.as_view(), name="write_list"),
    re_path(rf"{ROW}$", writing_rows.Rows.as_view(), name="write_rows"),
    re_path(rf"{ROW}new/$", writing_rows.WriteRow.as_view(), name="write_new"),
    re_path(rf"{ROW}(?P<pk>[0-9]{{1,9}})/$", writing_rows.WriteRow.as_view(), name="write_row"),
    re_path(rf"{ROW}(?P<pk>[0-9]{{1,9}})/remove/$", writing_rows.RemoveRow.as_view(), name="write_remove"),
    re_path(rf"{ROW}(?P<pk>[0-9]{{1,9}})/move/$", writing_rows.MoveRow.as_view(), name="write_move"),
]
