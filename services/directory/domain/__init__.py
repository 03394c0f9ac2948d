"""The rules of directory: what a fact must look like and what leans on it, and how a calendar is put together."""
