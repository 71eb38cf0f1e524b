"""How many websocket frames a client may send, below the messages that the app is handed."""

from weakref import WeakKeyDictionary

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

from xtnd_wizard.web.pacing import Pace, TokenBucket

FRAMES = Pace(256, 50.0)
"""Ten times what the messages of one socket may come to; browsers send each in one frame, and few pings or none."""
_BYTES_AT_ONCE = 4096
"""A read brings up to a quarter of a megabyte, in which forty thousand frames fit: it is taken in parts."""


def bound_frames() -> None:
    """Make the server cut off whoever sends more frames than that.

    The server answers pings and gathers fragments by itself, so no middleware sees them. It picks its protocol
    class before it loads the app, which is why the class is patched instead of replaced.
    """
    take_bytes, take_frames = WebSocketsSansIOProtocol.data_received, WebSocketsSansIOProtocol.handle_events
    buckets: WeakKeyDictionary[WebSocketsSansIOProtocol, TokenBucket] = WeakKeyDictionary()

    def data_received(protocol: WebSocketsSansIOProtocol, data: bytes) -> None:
        for start in range(0, len(data), _BYTES_AT_ONCE):
            if not protocol.transport.is_closing():
                take_bytes(protocol, data[start : start + _BYTES_AT_ONCE])

    def handle_events(protocol: WebSocketsSansIOProtocol) -> None:
        bucket = buckets.setdefault(protocol, TokenBucket(FRAMES))
        frames = sum(isinstance(event, Frame) for event in protocol.conn.events)
        if any(bucket.reserve() for _ in range(frames)):
            protocol.transport.abort()
        else:
            take_frames(protocol)

    WebSocketsSansIOProtocol.data_received = data_received  # type: ignore[method-assign,assignment]
    WebSocketsSansIOProtocol.handle_events = handle_events  # type: ignore[method-assign,assignment]
