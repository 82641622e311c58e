"""Containers of a release: started, waited for, asked, and their logs kept."""
