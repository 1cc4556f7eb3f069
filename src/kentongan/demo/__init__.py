"""The demo village: a whole year of one village's complaint desk, with people who do not exist."""
