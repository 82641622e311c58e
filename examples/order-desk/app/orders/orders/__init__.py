"""The orders of Order Desk: customers and what they order, in MariaDB."""
