"""All addresses: Japanese without a prefix, English under /en."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from portal.views import audit, demo, health, pages, starts, work

portal_urls = (
    [
        path("", pages.home, name="home"),
        path("urgent/", pages.urgent, name="urgent"),
        path("help/", pages.help_page, name="help"),
        path("search/", pages.search_page, name="search"),
        path("start/", starts.start, name="start"),
        path("my/", starts.my, name="my"),
        path("expert/", starts.expert, name="expert"),
        path("staff/", starts.staff, name="staff"),
        path("partner/", starts.partner, name="partner"),
        path("staff/work/<uuid:pk>/revive/", work.revive, name="revive-job"),
        path("audit/", audit.audit_log, name="audit"),
        path("audit/export/", audit.export, name="audit-export"),
        path("dev/mail/", demo.mail_ledger, name="dev-mail"),
        path("dev/gallery/", demo.gallery, name="dev-gallery"),
    ],
    "portal",
)

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", health.healthz, name="healthz")]
urlpatterns += i18n_patterns(
    path("", include(portal_urls)),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("consultations/", include("consultations.urls")),
    path("", include("guidelines.urls")),
    path("", include("casebook.urls")),
    path("seminars/", include("seminars.urls")),
    prefix_default_language=False,
)
handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
