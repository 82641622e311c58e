"""The `docker compose` command, the model it makes, and the `.env` files it reads."""
