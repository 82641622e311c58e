"""What a package says about itself: manifest.json, the inventory of a site, versions."""
