"""Every query of intake."""
