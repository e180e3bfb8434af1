"""Tables to graph: read, validate, normalise, stage, load. ``ingest.normalise`` is pure.

May import ``graphsvc.model`` and ``graphsvc.store`` only.
"""
