"""The only room that may open a connection.

Everything goes through one `HubDoor`: it knows whether the network may be used at all, which
hosts may be asked, who may see the token, and it reports every request for the ledger.
"""
