"""The words every other room speaks.

Takes: nothing but the standard library.
Gives: frozen value types, the error tree, and the ports through which a stage asks for what it must not build.
Knows: no framework, no database, no model, no network.
Never: performs I/O, reads a clock, or lets the text of an exchange out of ``Sensitive`` unnoticed.
"""
