"""What dispatch does by itself: nothing yet; its instants come from sla."""
