"""One window a data folder: a second start asks the first one to show itself."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_SHOW = b"show\n"
_ANSWER = b"shown\n"
_PATIENCE_MS = 2000


def _name(data_dir: Path) -> str:
    return "echodeck-" + blake2b(str(data_dir.resolve()).encode(), digest_size=10).hexdigest()


def ask_running_to_show(data_dir: Path) -> bool:
    """Ask the Echodeck that runs with this folder to come forward; False when none answers.

    Blocks for two seconds at the longest; meant for the moment before a window exists.
    """
    socket = QLocalSocket()
    socket.connectToServer(_name(data_dir))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(_SHOW)
    socket.flush()
    answered = socket.waitForReadyRead(_PATIENCE_MS) and socket.readAll().data() == _ANSWER
    socket.disconnectFromServer()
    return bool(answered)


class ShowRequests(QObject):
    """Hears the second start. `asked` fires for each."""

    asked = Signal()

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # The folder's lock is ours by now, so a socket still lying there is a dead one's.
        QLocalServer.removeServer(_name(data_dir))
        self._server.listen(_name(data_dir))
        self._server.newConnection.connect(self._greet)

    def end(self) -> None:
        """Listen no more."""
        self._server.close()

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._answer)
            socket.disconnected.connect(socket.deleteLater)

    def _answer(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket) and socket.readAll().data() == _SHOW:
            socket.write(_ANSWER)
            socket.flush()
            self.asked.emit()
