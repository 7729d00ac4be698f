"""Stack Exchange: questions of one of its communities."""
