"""Every query of casebook."""
