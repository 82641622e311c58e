"""What `scripts/bench` does: makes a database of any size, measures Airlock beside work by hand, reports."""
