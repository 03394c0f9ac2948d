"""The Word templates that are shipped, drawn by code: `python -m deploy.papers` writes them anew.

Fonts carry the names that offices in China have; where they are missing, Word takes what it has.
"""
