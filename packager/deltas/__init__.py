"""Finds the base of a delta; `bundle/images/chains.py` computes the layers that it leaves out."""
