"""How callbacks behave: each case is written once, and is run over the socket and over HTTP."""
