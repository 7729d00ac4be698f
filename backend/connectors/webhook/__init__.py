"""What other programs send to us, in whatever shape they are used to."""
