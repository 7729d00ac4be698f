"""Reddit: subreddits and searches by their feeds."""
