"""Small tools that know no model."""
