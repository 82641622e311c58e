"""What an export will do, decided before anything is done."""
