"""A server for assistants by the Model Context Protocol; `server.py` alone knows the protocol."""
