"""The six services of Yousu, which talk only by events, and its command line."""
