"""Tests of the commands about runs."""
