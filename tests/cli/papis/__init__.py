"""Tests of `papis refsync`, with papis itself."""
