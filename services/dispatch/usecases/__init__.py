"""What a person can do to an order; one transaction each, with the order's row locked.

review: dispatch, transfer, refer, direct · answering: sign, reply · closing: check, follow up, conclude ·
escalating: urge, supervise · reading: files and lists · papers: print and issue, as drafting words them.
"""
