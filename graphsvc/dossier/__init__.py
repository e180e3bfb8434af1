"""One composed document per racket, and thin renderers beside it."""
