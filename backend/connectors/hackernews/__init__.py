"""Hacker News, searched by Algolia."""
