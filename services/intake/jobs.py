"""What intake does by itself: nothing; everything follows from what it is told."""
