"""Runs `docker compose`, and reads its model and the `.env` files."""
