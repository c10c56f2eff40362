"""The documentation of the rules, one module per families of codes."""
