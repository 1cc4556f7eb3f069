"""Every address × every role, one table. An address that stands in no row fails the test.

A row says what each visitor gets from a GET: ``200``, ``login`` (sent to the login page), ``403``, ``404`` (the wall),
``302``, ``405`` (only by POST). The complaint of the table names the village head and is distributed to the responder.
"""
