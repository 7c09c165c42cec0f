"""This wing keeps no rows of its own."""
