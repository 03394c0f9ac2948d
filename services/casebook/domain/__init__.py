"""The rules of casebook: a case's way to the public, what it must not tell, and which cases are alike (Art. 11)."""
