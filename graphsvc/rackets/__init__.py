"""Evidence to rackets: partition, scoring, confidence, identity over time, publishing a run."""
