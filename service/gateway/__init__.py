"""The job of signing through the agency's gateway: what is asked is kept first, and what comes back is examined."""
