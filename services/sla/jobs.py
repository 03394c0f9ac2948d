"""What sla does by itself: its two timed jobs, the sweep and the recount, are use cases as they stand."""
