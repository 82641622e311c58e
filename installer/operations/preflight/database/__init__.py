"""Can the database be reached, backed up and carried, and is there room for it?"""
