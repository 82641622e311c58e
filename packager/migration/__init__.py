"""Creates migrations, with the project's own Prisma if there is one."""
