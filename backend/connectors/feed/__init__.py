"""RSS, Atom and JSON Feed: found, fetched, read."""
