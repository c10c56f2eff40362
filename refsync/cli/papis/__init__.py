"""`papis refsync`: refsync as a command of papis."""
