"""Addresses of the casebook."""

from django.urls import path

from casebook import views

app_name = "casebook"
urlpatterns = [
    path("cases/", views.case_list, name="list"),
    path("cases/<uuid:pk>/", views.detail, name="detail"),
]
