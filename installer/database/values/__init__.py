"""Defines the values that all database engines share: addresses, pictures, histories, rehearsals."""
