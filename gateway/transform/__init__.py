"""Making text safe.

Takes: segments, and a decision that names an operator for every finding.
Gives: the same segments with values replaced, and the table of the placeholders; of an answer, what may be said.
Knows: the grammar of placeholders.
Never: reads a clock, keeps a value beyond its exchange, or gives two values one placeholder.
"""

from gateway.transform.apply import Transformed, apply
from gateway.transform.disclosed import masked, values

__all__ = ["Transformed", "apply", "masked", "values"]
