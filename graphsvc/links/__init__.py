"""Shared identifiers to weighted, explained evidence between stores."""
