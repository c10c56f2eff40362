"""Tests of the commands for git."""
