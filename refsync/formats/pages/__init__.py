"""What people read or write by hand: saved listing pages, lists, Markdown, formatted bibliographies."""
