"""Django's settings, all from the environment (`portal/environment.py`)."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from portal.environment import Url, read_environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = read_environment(os.environ)

# --- What kind of installation -----------------------------------------------------------------
PORTAL_ENV = cast(str, ENV["PORTAL_ENV"])
PRODUCTION = PORTAL_ENV == "production"
PORTAL_DEMO = cast(bool, ENV["PORTAL_DEMO"])
DATA = cast(Path, ENV["DATA"])
DEBUG = False
SECRET_KEY = cast(str, ENV["SECRET_KEY"])
ORIGIN = cast(Url, ENV["PORTAL_ORIGIN"])
PORTAL_ORIGIN = ORIGIN.raw.rstrip("/")
ALLOWED_HOSTS = cast(list[str], ENV["PORTAL_HOSTS"]) or [ORIGIN.host]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [PORTAL_ORIGIN]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "consultations.apps.ConsultationsConfig",
    "casebook.apps.CasebookConfig",
    "guidelines.apps.GuidelinesConfig",
    "seminars.apps.SeminarsConfig",
    "accounts.apps.AccountsConfig",
    "common.apps.CommonConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "common.middleware.RequestContextMiddleware",
    "common.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "common.middleware.PlainInputMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "common.middleware.MethodPageMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "common.policy.middleware.PolicyMiddleware",
    "common.middleware.ConflictMiddleware",
    "common.middleware.DamageMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.navigation",
            ],
            "string_if_invalid": "",
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


# --- Database ----------------------------------------------------------------------------------
def _database(role: str) -> dict[str, Any]:
    """The connection as the application's role, or as the owner's."""
    target = cast(Url, ENV["DATABASE_OWNER_URL"] if role == "owner" else ENV["DATABASE_URL"])
    limits = (
        ""
        if role == "owner"
        else (
            "-c statement_timeout=20s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
        )
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": target.path.lstrip("/"),
        "USER": target.user,
        "PASSWORD": target.password,
        "HOST": target.options.get("host", target.host),
        "PORT": str(target.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": limits,
            "sslmode": target.options.get("sslmode", "prefer"),
        },
    }


#: None where only one role is configured; migrations then run as the application's role.
DATABASE_OWNER = _database("owner") if ENV["DATABASE_OWNER_URL"] else None
_role = "owner" if ENV["DATABASE_ROLE"] == "owner" and DATABASE_OWNER else "app"
DATABASES = {"default": _database(_role)}
#: The name the owner grants rights to in migrations.
DATABASE_APP_USER = cast(Url, ENV["DATABASE_URL"]).user
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits live here; with Redis dead or frozen, sign-in must go on (so: not in Redis).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "common_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Workers -----------------------------------------------------------------------------------
REDIS_URL = cast(Url, ENV["REDIS_URL"]).raw
#: Seconds; a frozen Redis holds the publishing thread no longer than this.
BROKER_TIMEOUT = 2
#: Processes of one worker.
WORKER_CHILDREN = cast(int, ENV["WORKER_CHILDREN"])

# --- Secrets, files, PDFs ----------------------------------------------------------------------
KEYRING_FILE = cast(Path, ENV["PORTAL_KEYRING"])
SEAL_FILE = cast(Path, ENV["SEAL_FILE"])
SEAL_PASSWORD = cast(str, ENV["SEAL_PASSWORD"])
TSA_URL = cast(Url, ENV["TSA_URL"]).raw if ENV["TSA_URL"] else None
CLAMD_URL = cast(Url, ENV["CLAMD_URL"]).raw
AUDIT_ANCHORS = cast(Path, ENV["AUDIT_ANCHORS"])
_storage = cast(Url, ENV["STORAGE_URL"])
_sealed: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": DATA / "files", "base_url": None},
}
if _storage.scheme == "s3":
    _sealed = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _storage.host,
            "endpoint_url": _storage.options.get("endpoint"),
            "region_name": _storage.options.get("region"),
            "default_acl": "private",
            "querystring_auth": True,
        },
    }
STORAGES = {
    "default": _sealed,
    "sealed": _sealed,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
#: The longest form of ours, every text at its limit, takes up to 1 MB as browsers send it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 10
#: Django's own leave whole files in plain behind where a process is killed.
FILE_UPLOAD_HANDLERS = ["common.uploads.handlers.SpoolingUploadHandler"]

# --- Mail --------------------------------------------------------------------------------------
_mail = cast(Url, ENV["MAIL_URL"])
MAIL_DELIVERS = _mail.scheme == "smtp"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS = _mail.options.get("tls") == "starttls"
EMAIL_USE_SSL = _mail.options.get("tls") == "implicit"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = cast(str, ENV["MAIL_FROM"])

# --- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:start"
LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "signup": "accounts.forms.sign_in.SignUpForm",
    "add_email": "accounts.forms.sign_in.AddAddressForm",
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.sign_in.ResetPasswordKeyForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
}
#: Proxies of ours in front, each of which adds an address to X-Forwarded-For.
PROXY_COUNT = cast(int, ENV["PROXY_COUNT"])
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.SecondFactorForm",
    "reauthenticate": "accounts.forms.sign_in.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.sign_in.ActivateTOTPForm",
    "authenticate_webauthn": "accounts.forms.sign_in.PasskeyStepForm",
    "reauthenticate_webauthn": "accounts.forms.sign_in.PasskeyAgainForm",
    "login_webauthn": "accounts.forms.sign_in.PasskeySignInForm",
    "add_webauthn": "accounts.forms.sign_in.PasskeyForm",
    "edit_webauthn": "accounts.forms.sign_in.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "営業秘密 相談窓口"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = True
#: A professional's session ends after this much idleness, anybody's after the absolute limit.
SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Language, time ----------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("日本語")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

# --- Browser security --------------------------------------------------------------------------
_secure = ORIGIN.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
LANGUAGE_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV["PROXY_COUNT"] else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

# --- Logs: ids and codes only, never content ---------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "common.logs.ContextFilter"}},
    "formatters": {"json": {"()": "common.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["context"]}
    },
    "root": {"handlers": ["stderr"], "level": ENV["LOG_LEVEL"]},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "WARNING"},
        "fido2": {"level": "WARNING"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
