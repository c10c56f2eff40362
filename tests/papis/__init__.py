"""Tests of libraries of papis."""
