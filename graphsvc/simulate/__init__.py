"""A seeded market with known truth. Stands alone: detection never imports it."""
