"""The catalog of Order Desk: products, prices and stock, in PostgreSQL."""
