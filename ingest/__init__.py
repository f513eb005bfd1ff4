"""The lowest floor: a scan arrives and becomes upright, recognised pages. Knows nothing of kinds or customers."""
