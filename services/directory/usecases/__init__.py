"""What a person or a timer can do in directory; one transaction each."""
