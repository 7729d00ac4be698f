"""vBulletin: forums of that software."""
