"""What a village shows of its complaint desk to others (KPK Desa Antikorupsi, indicator 3.1): papers without persons, in one file."""
