"""The web door: pages and API over the same jobs as the command; no rule of the law and no SQL in here."""
