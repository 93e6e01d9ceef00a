"""The composition root as an app, so that its templates' registries are filled."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Home page, start pages, error pages."""

    name = "portal"
