"""What every service shares: contracts and plumbing, never rules or tables of a service."""
