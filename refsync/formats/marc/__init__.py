"""MARC 21 in its three forms: the exchange format (ISO 2709), MARCXML and MarcEdit's text."""
