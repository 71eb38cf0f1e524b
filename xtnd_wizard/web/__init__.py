"""The HTTP and the websockets around the pages: who may come in, how many, how fast, and with which headers."""
