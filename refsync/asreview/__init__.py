"""refsync's readers in ASReview (asreview.nl), which finds them by its entry-point group `asreview.readers`."""
