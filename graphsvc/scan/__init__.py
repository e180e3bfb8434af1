"""Listings to suspicion: price and purchase frequency, per listing and per seller."""
