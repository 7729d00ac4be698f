"""GitHub: issues by words, releases of a repository."""
