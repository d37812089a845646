"""Sign and seal PDFs, and report the facts about the signatures in them."""
