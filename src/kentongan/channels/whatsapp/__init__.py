"""WhatsApp (Cloud API) as a channel: what its calls mean. The rest is ``channels.meta``."""
