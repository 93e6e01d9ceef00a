"""Addresses of seminars."""

from django.urls import path

from seminars import views

app_name = "seminars"
urlpatterns = [
    path("", views.seminar_list, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/register/", views.register, name="register"),
    path("<int:pk>/registrations/<str:token>/", views.registration, name="registration"),
]
