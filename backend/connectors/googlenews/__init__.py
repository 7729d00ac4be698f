"""Google News, searched by its feeds."""
