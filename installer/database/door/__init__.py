"""What Airlock asks of every engine of databases, and what each of them promises."""
