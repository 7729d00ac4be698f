"""A mail folder that alerts come to: read over TLS, left as it was."""
