"""Defines the rules for PostgreSQL: what each change means for rows, locks and transactions"""
