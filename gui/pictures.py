"""Pictures of personas: read from any file Qt knows, made small, and drawn where there is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageReader, QImageWriter, QPainter, QPainterPath, QPixmap

from core.errors import PictureUnreadable
from gui.theme import TYPE, current

LARGEST = QSize(512, 768)  # of what is kept, pixels
MOST_PIXELS = 40_000_000
MOST_BYTES = 40_000_000
ENDINGS = ("png", "jpg", "jpeg", "webp", "bmp", "gif")


def picture_from(path: Path) -> bytes:
    """A picture file as a small PNG. Takes a moment: not on the loop.

    Raises:
        PictureUnreadable: it is no picture, too large, or not there.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise PictureUnreadable(path=path.name) from error
    made = small_png(content) if len(content) <= MOST_BYTES else None
    if made is None:
        raise PictureUnreadable(path=path.name)
    return made


def small_png(content: bytes | None) -> bytes | None:
    """A picture as a PNG that is not larger than LARGEST, or None when it cannot be read."""
    if content is None:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS or size.isEmpty():
        return None
    if size.width() > LARGEST.width() or size.height() > LARGEST.height():
        reader.setScaledSize(size.scaled(LARGEST, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    return None if image.isNull() else as_png(image)


def as_png(image: QImage) -> bytes:
    """An image as the content of a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


def drawn(name: str, side: int = 512) -> QImage:
    """A picture for somebody who has none: their first letter on the accent."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    colours = current()
    image.fill(colours.colour("accent_soft"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    font = QFont()
    font.setPixelSize(max(TYPE.caption, side // 2))
    painter.setFont(font)
    painter.setPen(QColor(colours.colour("accent")))
    letter = next((sign.upper() for sign in name if sign.isalnum()), "?")
    painter.drawText(QRect(0, 0, side, side), int(Qt.AlignmentFlag.AlignCenter), letter)
    painter.end()
    return image


def rounded(picture: bytes | None, name: str, side: int, ratio: float = 1.0) -> QPixmap:
    """A picture as a round one, its upper part where it is taller than wide.

    Args:
        side: in device-independent pixels. ratio: device pixels for each.
    """
    pixels = max(1, round(side * ratio))
    image = QImage.fromData(QByteArray(picture)) if picture is not None else QImage()
    if image.isNull():
        image = drawn(name, pixels)
    image = image.scaled(
        QSize(pixels, pixels),
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left = (image.width() - pixels) // 2
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addEllipse(0, 0, pixels, pixels)
    painter.setClipPath(path)
    painter.drawImage(-left, 0, image)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
