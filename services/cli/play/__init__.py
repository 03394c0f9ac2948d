"""`yousu play`: drive a file of complaints through an empty house, acting as every party through the public doors."""
