"""Commands for bibliographies under version control with git."""
