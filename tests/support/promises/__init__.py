"""What the kernel promises on either database: each class is kept by SQLite in tests/unit/kernel, by PostgreSQL in
tests/broker. The fixtures `new_store`, `store`, `till` and `receiver` come from the conftest there.
"""
