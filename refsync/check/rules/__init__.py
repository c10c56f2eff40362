"""The rules of `refsync check`, one module per group; `table.py` lists them."""
