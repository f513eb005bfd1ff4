"""What we say about a record (description, customer, reference code, state), and where it is kept: index and journal."""
