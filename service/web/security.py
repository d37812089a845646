"""What every answer carries: no script but ours, no frame, no guess at types, nothing personal in a shared cache."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

# No inline script or style anywhere: what a stranger's file name or answer smuggles into a page stays text.
# pdf.js runs its worker from our own address and draws pictures it made itself (blob:).
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def install(app: Flask) -> None:
    """Answer headers, and CSRF tokens (Flask-WTF) for every request that changes something."""
    protection = CSRFProtect(app)
    app.extensions["csrf"] = protection
    secure = bool(app.config["SESSION_COOKIE_SECURE"])

    def dress(answer: Response) -> Response:
        told = answer.headers
        told.setdefault("Content-Security-Policy", _POLICY)
        told["X-Content-Type-Options"] = "nosniff"
        told["Referrer-Policy"] = "same-origin"
        told["Cross-Origin-Opener-Policy"] = "same-origin"
        told["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if secure:
            told["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            told.setdefault("Cache-Control", "no-store")
        return answer

    app.after_request(dress)
