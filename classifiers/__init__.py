"""Recognised text becomes a kind, candidate numbers and facts, each with evidence. Knows no register and no store."""
