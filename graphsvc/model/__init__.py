"""What the graph holds: labels, relationship types, keys, properties, the table contract. No I/O."""
