"""Addresses of the guidelines."""

from django.urls import path

from guidelines import views

app_name = "guidelines"
urlpatterns = [
    path("guidelines/", views.guideline_list, name="list"),
    path("guidelines/<slug:slug>/", views.detail, name="detail"),
    path("guidelines/<slug:slug>/editions/<int:number>/", views.edition, name="edition"),
    path("s/<slug:pk>/", views.section, name="section"),
]
