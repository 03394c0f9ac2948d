"""What a person or a timer can do in intake; one transaction each, committed by whoever calls."""
