"""Tests of the journal, the index, the register and the description."""
