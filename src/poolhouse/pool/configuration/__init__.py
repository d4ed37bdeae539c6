"""What the server holds ready to decide with: pools, clients and domains as they are, and the keys; below a call."""
