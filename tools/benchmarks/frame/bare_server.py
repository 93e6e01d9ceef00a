"""The bare site's gunicorn settings: the portal's, without the proof that the portal can start."""

from portal import server

globals().update(
    {name: value for name, value in vars(server).items() if not name.startswith("_")}
    | {"on_starting": lambda _server: None}
)
