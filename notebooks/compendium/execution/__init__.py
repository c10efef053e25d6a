"""Executing notebooks: `run` replaces each finished file whole, `manifest` remembers what was made from what."""
