"""New migrations, by the team's own Prisma where there is one."""
