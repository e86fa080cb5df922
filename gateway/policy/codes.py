"""The codes of mistakes in policy files, each with what it means."""

from __future__ import annotations

from typing import Final

CODES: Final = {
    "CL1001": "the file is not valid YAML",
    "CL1002": "a key stands twice",
    "CL1003": "an unknown key",
    "CL1004": "a required key is missing",
    "CL1005": "a value of the wrong type",
    "CL1006": "a value that is not one of those allowed",
    "CL1007": "an anchor, alias, tag or merge key, which policy files do not use",
    "CL1008": "a word that YAML 1.1 reads as a boolean",
    "CL1009": "the file is too large, or holds too many documents or values",
    "CL1010": "the file holds no document",
    "CL1011": "two documents of one kind have the same name",
    "CL1012": "a tab, where spaces indent",
    "CL1013": "an escape that stands for no character: half of a surrogate pair, or beyond Unicode",
    "CL1014": "more mistakes than are reported at once",
    "CL2001": "an unknown entity type",
    "CL2002": "a number outside its range",
    "CL2003": "a regular expression that does not compile, matches nothing at all, or can run for ever",
    "CL2004": "not a domain name",
    "CL2005": "a parameter that its operator does not take",
    "CL2006": "not an ISO 8601 period of whole days, of at most 1000 years",
    "CL2007": "a period that ends before the minimum",
    "CL2008": "a tenant's policy that names another tenant",
    "CL2009": "two policies match the same requests with equal rank",
    "CL2010": "two rules of one retention policy for the same data",
    "CL2011": "not the name of a tool",
    "CL2012": "a value that is too short to be looked for",
    "CL2013": "a recognizer that finds nothing, or has the name of another",
    "CL2014": "not a public key as 'cloister policy keygen' prints it",
    "CL2015": "two documents that say how the policies of one scope are changed",
    "CL3001": "a key or value of the contract that this version does not enforce yet",
    "CL5001": "a policy file that a file of cases names and that cannot be read",
    "CL5002": "two cases of a file have the same name",
    "CL5003": "a case that expects nothing, or what cannot be true together",
}
"""CL1…: form. CL2…: meaning. CL3…: not yet. CL5…: cases."""
