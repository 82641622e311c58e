"""Holds what checks share: the facts they start from, and the findings they end with."""
