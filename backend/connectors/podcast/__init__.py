"""Podcasts: their feeds, found in Apple's directory."""
