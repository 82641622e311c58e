"""Applies Prisma's migrations, and keeps their history."""
