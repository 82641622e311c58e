"""Reads Prisma's migration folders, and splits SQL scripts into statements and words."""
