"""Cloister: a privacy gateway between enterprise applications and self-hosted language models.

A request arrives, an actor is known, a policy applies, entities are found, text is made safe, a backend
answers, the answer is restored, and it is recorded that all this happened. Each verb is a folder.
"""

__version__ = "0.1.0"
