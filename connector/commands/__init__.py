"""The verbs of `guidang`, one module each."""
