"""Findings in .bib files, each with a stable code: rules, what switches them off, old debts. Nothing here writes."""
