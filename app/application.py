"""The application, put together."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import areas, config, logs
from app.edge import web
from app.extensions import babel, bootstrap, csrf, db, migrate

PACKAGE = Path(__file__).parent
UPLOAD_LIMIT = 5 * 1024 * 1024


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application; `settings` come from the environment when not given."""
    settings = settings or config.read()
    templates = str(PACKAGE.parent / "templates")
    app = logs.Application("app", template_folder=templates, instance_path=str(settings.instance))
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=[key for _day, key in settings.old_keys],
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": settings.database_url.startswith("postgresql"),
            "hide_parameters": True,  # an error of the database is logged, what was to be stored is not
        },
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=[settings.hostname, *(config.LOOPBACK if settings.loopback else ())],
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our pages tell browsers not to send
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=UPLOAD_LIMIT,
        BODY_SECONDS=30,
        FEED_NOTES_PAUSE=1.0,  # seconds
        PUBLIC_PAGES_KEPT=300,  # seconds at most; a change is seen at once
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE=web.LOCALES[settings.language],
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        BABEL_TRANSLATION_DIRECTORIES=f"{PACKAGE / 'translations'};{PACKAGE / 'translations' / 'variants'}",
    )
    settings.instance.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PACKAGE / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=web.choose_locale)
    bootstrap.init_app(app)
    logs.start(app, settings.log_level)
    web.start(app)
    areas.start(app)
    csrf.init_app(app)  # after the person is known, so that its refusal is said in their language
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
