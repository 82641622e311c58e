"""Reads statements of PostgreSQL into changes"""
