"""A library for the tests of the review in the terminal."""

KELP = """\
@article{doe2020, title = {Kelp in the cold harbours of the north}, author = {Zoe, Zelda and Doe, Jane}, year = 2001,
  journal = {Journal of Kelp}, keywords = {kelp, cold}}
@article{doe2021, title = {Kelp in cold harbours of the far wild north}, author = {Zoe, Z. and Doe, J.}, year = 2001,
  journal = {J. Kelp}, keywords = {kelp, north}, note = {see p. 3}}
"""
"""Two records that may be one paper."""
