"""Web pages and API over the same functions as the command line; no rule of the law and no SQL in here."""
