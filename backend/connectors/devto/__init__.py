"""Dev.to: articles with a tag."""
