"""casebook: the guidance cases.

I own: cases from draft to public, who reviewed them, and the terms by which they are found.
I hear: order.closed (a typical one becomes a draft), the directory.
I announce: case.published.
"""
