"""Work that nobody requested: an edge whose requests come from the database."""
