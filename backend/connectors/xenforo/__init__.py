"""XenForo: forums of that software."""
