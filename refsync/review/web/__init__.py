"""The review page: a session served to the browser on this machine by `server.Server`."""
