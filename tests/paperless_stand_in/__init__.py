"""A paperless-ngx stand-in: a real HTTP server on loopback that answers like the captures of 3.0.5 and 2.20.15.

Not paperless: no OCR, no search, no permissions but "no". What it answers is checked field by field against the captures in
`tests/http_examples`; what it does on failure follows what the two real servers were seen to do.
"""

from tests.paperless_stand_in.faults import Faults
from tests.paperless_stand_in.server import StandIn

__all__ = ["Faults", "StandIn"]
