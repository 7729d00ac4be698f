"""Lobsters: its newest stories and comments."""
