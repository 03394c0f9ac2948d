"""What casebook does by itself: nothing yet."""
