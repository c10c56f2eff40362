"""The report: a run's figures as one page that needs no network. Pure: a plan in, numbers and then HTML out.

plan -> figures (counts, distributions, field coverage, lists) -> charts (SVG) -> page (HTML)
"""
