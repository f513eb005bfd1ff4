"""Joins the floors: configuration, registry, pipeline, record stores and the command line."""
