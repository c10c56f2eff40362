"""Libraries of papis (papis.readthedocs.io): folders with an `info.yaml` and files for each document."""
