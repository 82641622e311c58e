"""No false alarm about what Prisma Migrate itself writes for PostgreSQL, and a true one where it is right."""

import pytest

from packager.lint.catalogue.findings import Finding
from tests.packager.lint.postgresql.databases import found

INIT = """\
-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "public"."Role" AS ENUM ('USER', 'ADMIN');

-- CreateTable
CREATE TABLE "public"."User" (
    "id" SERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "name" VARCHAR(60),
    "role" "public"."Role" NOT NULL DEFAULT 'USER',
    "tags" TEXT[] DEFAULT ARRAY['a', 'b']::TEXT[],
    "balance" DECIMAL(10,2) NOT NULL DEFAULT 0,
    "settings" JSONB NOT NULL DEFAULT '{"a": "it''s; -- $$"}',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "big" BIGINT,
    "score" DOUBLE PRECISION,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Post" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "title" TEXT NOT NULL,
    "authorId" INTEGER NOT NULL,

    CONSTRAINT "Post_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "_PostToTag" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_PostToTag_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "public"."User"("email");

-- CreateIndex
CREATE INDEX "Post_title_idx" ON "Post" USING HASH ("title");

-- CreateIndex
CREATE INDEX "_PostToTag_B_index" ON "_PostToTag"("B");

-- AddForeignKey
ALTER TABLE "Post" ADD CONSTRAINT "Post_authorId_fkey" FOREIGN KEY ("authorId")
    REFERENCES "public"."User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
"""
ENUM_BLOCK = """\
/*
  Warnings:

  - The values [ADMIN] on the enum `Role` will be removed. If these variants are still used, this will fail.

*/
-- AlterEnum
BEGIN;
CREATE TYPE "public"."Role_new" AS ENUM ('USER', {other});
ALTER TABLE "public"."User" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "public"."User" ALTER COLUMN "role" TYPE "public"."Role_new"
    USING ("role"::text::"public"."Role_new");
ALTER TYPE "public"."Role" RENAME TO "Role_old";
ALTER TYPE "public"."Role_new" RENAME TO "Role";
DROP TYPE "public"."Role_old";
ALTER TABLE "public"."User" ALTER COLUMN "role" SET DEFAULT 'USER';
COMMIT;
"""


def of_user(code: str, name: str = "", was: str = "", now: str = "") -> Finding:
    return Finding(code, "User", name, was, now)


WAITS = of_user("PG108")


def test_a_first_migration_has_no_findings() -> None:
    assert found(INIT) == ()


@pytest.mark.parametrize(
    ("script", "findings"),
    [
        ('ALTER TYPE "Role" ADD VALUE \'OWNER\';', ()),
        (
            "-- This migration adds more than one value to an enum.\n\n"
            'ALTER TYPE "Role" ADD VALUE \'OWNER\';\nALTER TYPE "Role" ADD VALUE \'GUEST\';',
            (),
        ),
        ('ALTER TABLE "User" ADD COLUMN "nick" TEXT;', (WAITS,)),
        ('ALTER TABLE "User" ADD COLUMN "active" BOOLEAN NOT NULL DEFAULT true;', (WAITS,)),
        ('ALTER TABLE "User" ALTER COLUMN "email" DROP NOT NULL,\nALTER COLUMN "name" SET DEFAULT \'\';',
         (WAITS,)),
        ('ALTER TABLE "User" ALTER COLUMN "name" SET DATA TYPE TEXT;', (WAITS,)),
        ('ALTER TABLE "User" RENAME CONSTRAINT "User_pkey" TO "users_pkey";', (WAITS,)),
        ('ALTER INDEX "User_email_key" RENAME TO "users_email_key";', ()),
        ('-- RenameIndex\nALTER INDEX "Post_title_idx" RENAME TO "title";\nDROP INDEX "title";',
         (Finding("PG108", "Post"),)),
        ('CREATE UNIQUE INDEX "User_name_key" ON "User"("name");',
         (of_user("MF101", "name"), of_user("PG308", "name"))),
        ('CREATE INDEX "User_a_idx" ON "User"("name" DESC, "email" text_pattern_ops);',
         (of_user("PG308", "name, email"),)),
        (
            'CREATE TABLE "Tag" ("id" SERIAL NOT NULL, "postId" UUID, '
            'CONSTRAINT "Tag_pkey" PRIMARY KEY ("id")); '
            'ALTER TABLE "Tag" ADD CONSTRAINT "k" FOREIGN KEY ("postId") REFERENCES "Post"("id") '
            "ON DELETE SET NULL;",
            (),
        ),
        (
            'ALTER TABLE "Post" DROP CONSTRAINT "Post_authorId_fkey";\n\n-- DropTable\nDROP TABLE "User";',
            (Finding("CD101", "Post", "Post_authorId_fkey"), Finding("PG108", "Post"), of_user("DS102")),
        ),
        (
            'ALTER TABLE "User" DROP COLUMN "name",\nADD COLUMN     "age" INTEGER NOT NULL;',
            (of_user("DS103", "name"), of_user("PG201", "age"), WAITS),
        ),
        (
            "CREATE SEQUENCE post_seq;\n"
            'ALTER TABLE "Post" ALTER COLUMN "title" SET DEFAULT nextval(\'post_seq\');\n'
            'ALTER SEQUENCE post_seq OWNED BY "Post"."title";',
            (Finding("PG108", "Post"),),
        ),
        (
            'ALTER TABLE "_PostToTag" ADD CONSTRAINT "_PostToTag_AB_pkey2" PRIMARY KEY ("A", "B");\n'
            'DROP INDEX "_PostToTag_B_index";',
            (
                Finding("PG203", "_PostToTag", now="A, B"), Finding("PG307", "_PostToTag", "A, B"),
                Finding("PG108", "_PostToTag"),
            ),
        ),
    ],
)  # fmt: skip
def test_later_migrations_have_the_findings_that_are_true(script: str, findings: tuple[Finding, ...]) -> None:
    assert found(INIT, script) == findings


def test_the_block_that_replaces_an_enum_rewrites_the_table_and_may_fail() -> None:
    assert found(INIT, ENUM_BLOCK.format(other="'OWNER'")) == (
        WAITS,
        of_user("PG204", "role", now="'ADMIN'"),
        of_user("PG301", "role", "Role", "Role_new"),
    )


def test_after_the_block_the_enum_has_its_new_values() -> None:
    assert found(INIT, ENUM_BLOCK.format(other="'A'"), ENUM_BLOCK.format(other="'A', 'B'")) == (
        WAITS,
        of_user("PG301", "role", "Role", "Role_new"),
    )


def test_what_follows_the_block_cannot_take_it_back() -> None:
    script = ENUM_BLOCK.format(other="'ADMIN', 'A'") + '\n-- DropTable\nDROP TABLE "_PostToTag";'
    assert [one.code for one in found(INIT, script)] == ["PG108", "PG301", "PG104", "DS102"]
