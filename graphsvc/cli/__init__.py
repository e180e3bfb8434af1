"""Command-line composition root: one module a group of commands."""
