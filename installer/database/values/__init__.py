"""Values that every engine of databases shares: addresses, pictures, histories, rehearsals."""
