"""Addresses of figures, attachments and PDFs, and of the pages on which they are added."""

from django.urls import path

from evidence.views import desk_files, files

urlpatterns = [
    path("<slug:slug>.pdf", files.PdfOfReview.as_view(), name="pdf"),
    path("<slug:slug>/v/<int:number>.pdf", files.PdfOfVersion.as_view(), name="version_pdf"),
    path("<slug:slug>/v/<int:number>/files/<slug:key>/", files.FileOfVersion.as_view(), name="file"),
    path("<slug:slug>/desk/files/", desk_files.Files.as_view(), name="files"),
    path("<slug:slug>/desk/files/add/figure/", desk_files.AddFile.as_view(), {"use": "figure"}, name="add_figure"),
    path(
        "<slug:slug>/desk/files/add/attachment/",
        desk_files.AddFile.as_view(),
        {"use": "attachment"},
        name="add_attachment",
    ),
    path("<slug:slug>/desk/files/<slug:key>/", desk_files.ChangeFile.as_view(), name="change_file"),
    path("<slug:slug>/desk/files/<slug:key>/remove/", desk_files.RemoveFile.as_view(), name="remove_file"),
]
