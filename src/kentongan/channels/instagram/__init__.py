"""Instagram (Business Login) as a channel: what its calls mean. The rest is ``channels.meta``."""
