"""Tests with ASReview itself."""
