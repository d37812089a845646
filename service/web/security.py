"""Security headers of every answer: our scripts only, no frames, no type sniffing, no shared caches."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

# No inline script or style anywhere: markup smuggled in by a file name or an answer stays text.
# pdf.js runs its worker from our own address and draws pictures it made itself (blob:).
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def install(app: Flask) -> None:
    """Add the headers to every answer, and require CSRF tokens (Flask-WTF) for requests that change something."""
    protection = CSRFProtect(app)
    app.extensions["csrf"] = protection
    secure = bool(app.config["SESSION_COOKIE_SECURE"])

    def add_headers(answer: Response) -> Response:
        headers = answer.headers
        headers.setdefault("Content-Security-Policy", _POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["X-Frame-Options"] = "DENY"  # for browsers that do not know `frame-ancestors`
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            headers.setdefault("Cache-Control", "no-store")
        return answer

    app.after_request(add_headers)
