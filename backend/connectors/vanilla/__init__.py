"""Vanilla: forums of that software."""
