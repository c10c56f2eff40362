"""Findings in .bib files, each with a stable code: rules, comments that hide findings, baselines. Writes nothing."""
