"""How well the gateway finds what it looks for.

Takes: labelled documents of anybody's, or ones of our own with made-up values.
Gives: what was missed and what was touched in vain, each with its uncertainty, beside stock Presidio on request.
Knows: the detector, and which labels of others mean which of its types.
Never: puts text of a document into a report, or tunes on what it reports on.
"""

import gateway.detect.quiet  # noqa: F401 - before anything imports numpy, or it multiplies on every core
