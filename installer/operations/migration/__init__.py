"""Migrations on the live database, as Prisma applies them. Its table of contents is `migrate`."""
