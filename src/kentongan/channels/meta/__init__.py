"""What Instagram (Business Login) and WhatsApp (Cloud API) share: accounts, what Meta sends, conversations."""
