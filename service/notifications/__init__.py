"""Messages to people and events for programs, and the e-mails that carry the messages."""
