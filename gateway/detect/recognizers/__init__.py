"""Recognizers of our own, behind Presidio's interface."""
