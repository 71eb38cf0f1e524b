"""A session of a running wizard as a client has it that speaks to the websocket itself, without a browser."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from xtnd_wizard.wizard.visitors import COOKIE

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class RawSession:
    """An open websocket, and what is said over it."""

    connection: ClientConnection

    def send(self, page: str, pressed: str = "", query: str = "") -> None:
        """Ask for a run of a page, where need be with a button of this id pressed, and wait for nothing."""
        self.connection.send(rerun(page, pressed, query))

    def messages(self, patience: float = PATIENCE_SECONDS) -> Iterator[ForwardMsg]:
        """What the server says until the run is finished.

        Raises TimeoutError where that takes longer than `patience` seconds, and ConnectionClosed.
        """
        until, finished = time.monotonic() + patience, False
        while not finished:
            frame = self.connection.recv(max(0.0, until - time.monotonic()))
            message = ForwardMsg.FromString(frame.encode() if isinstance(frame, str) else frame)
            # A run that ends early, to start anew or to open another page, is not the answer yet.
            finished = message.WhichOneof("type") == "script_finished" and (
                message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            )
            yield message

    def run(
        self, page: str, pressed: str = "", patience: float = PATIENCE_SECONDS, query: str = ""
    ) -> list[ForwardMsg]:
        """Run a page; everything that the server said to it."""
        self.send(page, pressed, query)
        return list(self.messages(patience))


def rerun(page: str, pressed: str = "", query: str = "") -> bytes:
    """The message that asks for a run."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = query
    if pressed:
        message.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
    return bytes(message.SerializeToString())


@contextmanager
def open_session(
    port: int,
    cookie: str = "",
    *,
    host: str = "localhost",
    headers: Mapping[str, str] | None = None,
    patience: float = PATIENCE_SECONDS,
) -> Iterator[RawSession]:
    """Open the websocket as our own pages do, and close it at the end.

    Raises what `websockets.sync.client.connect` raises.
    """
    identity = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    with connect(
        f"ws://{host}:{port}/_stcore/stream",
        origin=Origin(f"http://{host}:{port}"),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={**identity, **(headers or {})},
        compression=None,
        proxy=None,
        max_size=None,
        open_timeout=patience,
        ping_interval=None,
        close_timeout=1,
    ) as connection:
        yield RawSession(connection)


def button_in(messages: Iterable[ForwardMsg], label: str) -> str:
    """The id of the button with this label on a page that was drawn; empty where there is none."""
    buttons = (message.delta.new_element.button for message in messages if message.WhichOneof("type") == "delta")
    return next((button.id for button in buttons if label in button.label), "")


def is_drawn(messages: Sequence[ForwardMsg]) -> bool:
    """Whether a run came to its end and drew a page with a heading."""
    heading = any(message.delta.new_element.HasField("heading") for message in messages)
    return heading and messages[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
