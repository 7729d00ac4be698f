"""Discourse: forums of that software."""
