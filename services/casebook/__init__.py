"""casebook: the guidance cases.

I own: complaints closed as typical until a case is drawn from them; cases from draft to public, who reviewed and signed
them, on how many complaints they were cited; the terms by which they are found, and the synonym table.
I hear: case.suggested, citation.refused, the directory.
I announce: candidate.waited, case.submitted, case.returned, case.approved, case.published, case.withdrawn,
case.replaced, case.cited.
"""
