"""What a reader sees: the built site in a real Chromium, and what checkers of HTML and accessibility say of it."""
