"""What we ask: the forms of the circular, drawn as PDF, and answers put into them."""
