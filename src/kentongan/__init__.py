"""Kentongan: the complaint desk of a village government."""

__version__ = "0.1.0"
