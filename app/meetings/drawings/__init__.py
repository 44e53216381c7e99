"""The year strip, the turn balance and the badges of organisations as numbers a template can draw."""
