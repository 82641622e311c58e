"""Starts services in order, each as soon as it may, and waits until they are healthy."""
