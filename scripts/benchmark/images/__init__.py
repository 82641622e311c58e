"""`scripts/bench images`: packages of images, made and taken over by Airlock and by hand, side by side."""
