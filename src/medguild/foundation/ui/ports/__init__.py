"""What rooms above plug into the pages: menu entries and search."""
