"""The audit log: who did or read what, when, from where, with what result; kept by each service in its own store.

`tables` what is kept · `edge` what a request is, noted where it is permitted · `keeping` writing, sealing, exporting ·
`chain` how one line holds the one before it · `doors` for auditors. Rows are only added; nothing here deletes one.

A request that changes something is written in its own transaction; what was denied, and what was read, is collected
and written together within a second, or before the answer where the answer reveals personal data (`edge.note`).
"""
