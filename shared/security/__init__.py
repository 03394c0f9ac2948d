"""Who may do what, who is who, and how personal data is kept."""
