"""Does this host have what the package needs?"""
