"""Networks that have no free interface to post through: their own composer is opened, filled in."""
