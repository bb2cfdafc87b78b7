"""Settings of the portal. Every value from outside comes through ``collaborative.environment``."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from collaborative import environment
from collaborative.environment import BASE_DIR, read

MODE = environment.mode()
EMBEDDED = MODE == "embedded"
TESTING = MODE == "test"

# --- who and where ---------------------------------------------------------------------------
SECRET_KEY = environment.secret_key()
SECRET_KEY_FALLBACKS = read("SECRET_KEY_FALLBACKS", list)
DEBUG = environment.debug()
ALLOWED_HOSTS = read("ALLOWED_HOSTS", list)
SITE_URL = read("SITE_URL").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
SITE_NAME = read("SITE_NAME")
SITE_TAGLINE = read("SITE_TAGLINE")
OPERATOR_NAME = read("OPERATOR_NAME")
DEMO = read("DEMO", bool)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
VAR_DIR = BASE_DIR / read("VAR_DIR") if not TESTING else Path(tempfile.gettempdir()) / f"portal-test-{os.getpid()}"

# --- what it is made of ------------------------------------------------------------------------
INSTALLED_APPS = [
    "collaborative.portal",
    "training",
    "evidence",
    "projects",
    "partners",
    "collaborative.outputs",
    "collaborative.notifications",
    "collaborative.search",
    "collaborative.links",
    "collaborative.accounts",
    "collaborative.vocabulary",
    "collaborative.workflow",
    "collaborative.audit",
    "collaborative.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "csp",
    "django_countries",
    "django_filters",
    "collaborative.portal.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "collaborative.portal.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "collaborative.outputs.api.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "collaborative.core.middleware.ReaderMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "collaborative.accounts.sessions.LastSeenMiddleware",
    "collaborative.core.left_open.LeftOpenMiddleware",
    "collaborative.core.middleware.RefusedMiddleware",
    "collaborative.outputs.middleware.OldAddressMiddleware",
]
CSRF_FAILURE_VIEW = "collaborative.core.left_open.token_refused"
ROOT_URLCONF = "collaborative.urls"
WSGI_APPLICATION = "collaborative.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "collaborative.core.renderers.PortalRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "collaborative.portal.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "collaborative.core.templatetags.core_tags",
                "collaborative.core.templatetags.portal",
            ],
        },
    }
]

# --- where things are kept -----------------------------------------------------------------------
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
        "PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;"
    ),
}
database_url = os.environ.get("DATABASE_URL")
if not database_url and (EMBEDDED or TESTING):
    database_url = f"sqlite:///{VAR_DIR}/portal.sqlite3"
DATABASES = {"default": environment.env.db_url_config(database_url or read("DATABASE_URL"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["TEST"] = {"NAME": f"portal_test_{os.getpid()}"}
if TESTING:
    (VAR_DIR / "static").mkdir(parents=True, exist_ok=True)

REDIS_URL = read("REDIS_URL")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "collaborative.core.caching.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
            "KEY_PREFIX": "portal",
        }
    }
    CACHES["counters"] = CACHES["default"]
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"},
        "counters": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # a reader never writes there
    }
API_REQUESTS_A_MINUTE = read("API_REQUESTS_A_MINUTE", int)
"""How often one address may ask the API; 0 for as often as it likes."""

MEDIA_ROOT = VAR_DIR / "uploads"
STATIC_ROOT = Path(read("STATIC_ROOT") or VAR_DIR / "static")
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_BACKEND = "whitenoise.storage.CompressedManifestStaticFilesStorage"
if TESTING or DEBUG:
    STATICFILES_BACKEND = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}
WHITENOISE_MAX_AGE = 3600

# --- jobs ----------------------------------------------------------------------------------------
JOB_TIME_LIMIT = 600
"""Seconds a job may run; the broker gives a lost one back just after."""

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": JOB_TIME_LIMIT + 30,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "global_keyprefix": "portal-",
    }
else:
    CELERY_BROKER_URL = "folder://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
        "polling_interval": 0.1,
    }
    for folder in ("broker", "broker-control"):
        if EMBEDDED or TESTING:
            (VAR_DIR / folder).mkdir(parents=True, exist_ok=True)
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = JOB_TIME_LIMIT
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "portal.heartbeat", "schedule": timedelta(seconds=30), "options": {"expires": 30}},
    "sweep letters": {"task": "notifications.sweep", "schedule": timedelta(minutes=1), "options": {"expires": 60}},
    "daily digests": {"task": "notifications.send_digests", "schedule": timedelta(minutes=15)},
    "forget what is old": {"task": "portal.forget_what_is_old", "schedule": timedelta(hours=24)},
    "care for the database": {"task": "portal.care_for_database", "schedule": timedelta(hours=24)},
    "files not carried out": {"task": "partners.purge_imports", "schedule": timedelta(hours=24)},
    "publications": {"task": "evidence.publish_due", "schedule": timedelta(minutes=1), "options": {"expires": 60}},
    "updates of evidence": {"task": "evidence.updates_due", "schedule": timedelta(hours=1)},
    "PDFs": {"task": "evidence.sweep_pdfs", "schedule": timedelta(minutes=10)},
    "words of attachments": {"task": "evidence.sweep_words", "schedule": timedelta(minutes=10)},
    "files of no text": {"task": "evidence.sweep_files", "schedule": timedelta(hours=24)},
    "who leaves": {"task": "partners.end_due", "schedule": timedelta(minutes=15)},
    "invitations": {"task": "partners.remind_and_expire", "schedule": timedelta(hours=1)},
    "requests for other formats": {"task": "evidence.chase_asked", "schedule": timedelta(hours=1)},
    "peer reviews": {"task": "evidence.chase", "schedule": timedelta(hours=1)},
    "links": {"task": "links.check", "schedule": timedelta(hours=1), "options": {"expires": 1800}},
    "addresses in texts": {"task": "links.gather", "schedule": timedelta(hours=24)},
    "mend the search index": {"task": "search.repair", "schedule": timedelta(hours=24)},
    "what a new name touches": {"task": "search.drain", "schedule": timedelta(minutes=1), "options": {"expires": 60}},
    "mend the ledger": {"task": "outputs.repair", "schedule": timedelta(hours=24)},
}

# --- mail ----------------------------------------------------------------------------------------
vars().update(environment.env.email_url_config(read("EMAIL_URL")))
EMAIL_TIMEOUT = 20
if EMBEDDED and not os.environ.get("EMAIL_URL"):
    EMAIL_BACKEND = "collaborative.core.mail.FolderBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL") or f"{SITE_NAME} <no-reply@{SITE_HOST}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
OPERATOR_CONTACT = read("OPERATOR_CONTACT") or f"contact@{SITE_HOST}"

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_REDIRECT_URL = "/me/"
LOGIN_URL = "account_login"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "collaborative.accounts.breached.BreachedPasswordValidator"},
]
ACCOUNT_ADAPTER = "collaborative.portal.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "collaborative.accounts.forms.LoginForm",
    "signup": "collaborative.accounts.forms.SignupForm",
    "reset_password": "collaborative.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "collaborative.accounts.forms.NewPasswordForm",
    "change_password": "collaborative.accounts.forms.ChangePasswordForm",
    "set_password": "collaborative.accounts.forms.SetPasswordForm",
    "add_email": "collaborative.accounts.forms.ChangeEmailForm",
    "reauthenticate": "collaborative.accounts.forms.ReauthenticateForm",
    "confirm_email_verification_code": "collaborative.accounts.forms.ConfirmEmailForm",
    "confirm_password_reset_code": "collaborative.accounts.forms.ConfirmResetForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True  # a typed code survives the scanners that open every link
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False  # offered only to new addresses, it would tell known ones apart
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_RATE_LIMITS = {
    # A whole force often leaves through one address: counts by address are wide, those by account narrow.
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "signup": "30/m/ip",
    "reset_password": "20/m/ip,3/5m/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/10s/key,10/h/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "report_problem": "20/m/ip,60/h/ip,300/d/key",
    "ask_format": "20/m/ip,60/h/ip,10/d/key",
    "download_data": "5/h/user",
    "close_account": "10/h/user",
    "sign_on": "60/m/ip",
}
SOCIALACCOUNT_ADAPTER = "collaborative.portal.social.SignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "collaborative.portal.sign_on.openid.OrganisationProvider"},
    "saml": {"provider_class": "collaborative.portal.sign_on.saml.OrganisationProvider"},
}
SOCIALACCOUNT_STORE_TOKENS = False
SIGN_ON_LOOPBACK = EMBEDDED or TESTING
"""Whether a sign-on service may run on this very machine, without HTTPS."""
SIGN_ON_PRIVATE_NETWORKS = read("SIGN_ON_PRIVATE_NETWORKS", bool)
LINK_CHECKS = read("LINK_CHECKS", bool)
LINK_LOOPBACK = False
"""Whether addresses on this very machine, on any port, may be looked at: in tests alone."""
SIGNUP_OPEN = read("SIGNUP_OPEN", bool)
"""Whether anybody can make an account; an invitation can be taken up even when not."""
INVITATIONS_A_DAY = {"person": 60, "organisation": 200}
"""How many letters of invitation one person, and one organisation, may send in a day."""
MFA_ADAPTER = "collaborative.portal.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "collaborative.accounts.forms.SecondFactorForm",
    "reauthenticate": "collaborative.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "collaborative.accounts.forms.ActivateAppForm",
    "add_webauthn": "collaborative.accounts.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "collaborative.accounts.passkey_forms.RenamePasskeyForm",
    "login_webauthn": "collaborative.accounts.passkey_forms.PasskeyLoginForm",
    "authenticate_webauthn": "collaborative.accounts.passkey_forms.PasskeyForm",
    "reauthenticate_webauthn": "collaborative.accounts.passkey_forms.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}  # two requests for each sign-in; see ACCOUNT_RATE_LIMITS
MFA_TOTP_ISSUER = SITE_NAME
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- what goes out -------------------------------------------------------------------------------
OAI_PAGE = 100
"""Records on a page of a harvest."""
OAI_SETTLING = timedelta(seconds=60)
"""How long after its stamp harvesters are told of a change: longer than a transaction lasts."""

# --- words and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh")), ("fr", _("French"))]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "collaborative" / "locale"]
FORMAT_MODULE_PATH = ["collaborative.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
READER_TIME_ZONE = "Europe/London"
"""The zone in which a reader who chose none sees times."""

# --- safety --------------------------------------------------------------------------------------
HTTPS = read("HTTPS", bool)
TRUST_PROXY = read("TRUST_PROXY", bool)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUST_PROXY else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
SESSION_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "collaborative.core.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": read("LOG_LEVEL")},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "fido2": {"level": "WARNING"},  # it writes down each passkey's number
        "fontTools": {"level": "WARNING"},  # a line for each table of each font of each PDF
        "weasyprint": {"level": "WARNING"},  # a line for each page
    },
}
