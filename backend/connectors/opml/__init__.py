"""OPML: lists of feeds, as readers hand them to each other (https://opml.org/spec2.opml)."""
