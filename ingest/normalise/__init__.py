"""How one raw value is read: addresses, accounts, phones, names and e-mails. Pure functions, no I/O."""
