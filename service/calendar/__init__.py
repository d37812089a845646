"""What is due when, and for whom: the year's calendar, and reminders that are told once."""
