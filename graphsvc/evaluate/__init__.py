"""How well detection does against known truth, beside the usual ways."""
