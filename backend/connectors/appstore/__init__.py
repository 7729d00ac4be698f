"""What customers say in the App Store."""
