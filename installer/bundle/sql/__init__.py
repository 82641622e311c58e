"""Prisma's folders of migrations, and SQL scripts cut into statements and words."""
