"""Bing News, searched by its feeds."""
