"""Families of pairs: importing the package registers them all."""

from tests.dedup.families import hand_kept as hand_kept
