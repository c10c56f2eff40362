"""What makes the files that ship: models, pages and pictures of the documentation."""
