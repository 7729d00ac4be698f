"""WordPress: searches of a site."""
