"""Makes the files of a package besides its images: guides, manifest, installer."""
