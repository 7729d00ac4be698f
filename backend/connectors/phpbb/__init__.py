"""phpBB: forums of that software."""
