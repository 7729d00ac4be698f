"""Lemmy: communities and searches of one server."""
