"""E-mail: the SOP's third door. In: ``imap`` or ``maildir`` → ``store`` → ``understand``. Out: ``outbox`` → ``tasks.send`` → ``compose``."""
