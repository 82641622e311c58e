"""The engineer's side: reads a project, builds and saves its images, packs a release."""
