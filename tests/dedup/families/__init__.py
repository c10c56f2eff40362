"""Families of pairs: importing the package registers them all."""

from tests.dedup.families import hand_kept as hand_kept
from tests.dedup.families import whole_libraries as whole_libraries
