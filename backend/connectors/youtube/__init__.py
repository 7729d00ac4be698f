"""YouTube: channels and playlists by their feeds."""
