"""Addresses of the register, the areas, and a project from draft to archive."""

from django.urls import path

from projects.views import joining, page, proposing, register

app_name = "projects"
urlpatterns = [
    path("", register.Register.as_view(), name="list"),
    path("propose/", proposing.Propose.as_view(), name="propose"),
    path("areas/", register.Areas.as_view(), name="areas"),
    path("areas/<slug:slug>/", register.AreaPage.as_view(), name="area"),
    path("<slug:slug>/", page.ProjectPage.as_view(), name="page"),
    path("<slug:slug>/edit/", proposing.Edit.as_view(), name="edit"),
    path("<slug:slug>/submit/", page.submit, name="submit"),
    path("<slug:slug>/withdraw/", page.Withdraw.as_view(), name="withdraw"),
    path("<slug:slug>/run/", page.run, name="run"),
    path("<slug:slug>/stop/", page.Stop.as_view(), name="stop"),
    path("<slug:slug>/join/", joining.Join.as_view(), name="join"),
    path("<slug:slug>/requests/<int:pk>/", joining.RequestPage.as_view(), name="request"),
    path("<slug:slug>/requests/<int:pk>/take-back/", joining.take_back, name="take_back"),
]
