"""Files that people hand over: known by what they hold; nothing that could run is taken, pictures are drawn anew."""
