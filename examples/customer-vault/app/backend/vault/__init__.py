"""The backend of Customer Vault."""
