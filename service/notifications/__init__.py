"""E-mails: what people are told in the service, sent to them as they want it."""
