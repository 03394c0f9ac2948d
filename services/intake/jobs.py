"""What intake does by itself: computing anew what an earlier release computed from the journal, a use case as it is."""
