"""What people decide: test buys, notices, operations, judgements, access keys and audit."""
