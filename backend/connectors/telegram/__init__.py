"""Telegram: public channels as anybody sees them."""
