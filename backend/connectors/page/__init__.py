"""Pages without a feed: a list read by a recipe, or one text that is watched for changes."""
