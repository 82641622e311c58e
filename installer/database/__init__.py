"""What an import knows of any database: frozen values that no driver's type enters."""
