"""One setting as it is edited: made from its declaration, never by hand."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from core.figures import short
from core.settings import Setting
from core.words import say
from gui.theme import SPACE
from gui.widgets.basics import ElidedLabel, button, column, icon_button, label, plain, plain_tooltip, row
from gui.widgets.switch import Switch


class CalmCombo(QComboBox):
    """A combo box that lets the wheel scroll the page instead of changing what was chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.currentTextChanged.connect(lambda _text: self._tell_whole())

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt cuts what is chosen in the middle of a letter; here it ends in … when there is no room."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        whole, end = option.currentText, Qt.TextElideMode.ElideRight
        shown = self.fontMetrics().elidedText(whole, end, self._room(option))
        option.currentText = shown
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _room(self, option: QStyleOptionComboBox) -> int:
        """How wide the words may be, in pixels."""
        part = QStyle.SubControl.SC_ComboBoxEditField
        field = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        icon = 0 if self.itemIcon(self.currentIndex()).isNull() else self.iconSize().width() + SPACE.tight
        return field.width() - icon

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def _tell_whole(self) -> None:
        """What is chosen may be wider than the box: then it is the tooltip."""
        words = self.currentText()
        icon = 0 if self.itemIcon(self.currentIndex()).isNull() else SPACE.large
        room = self.width() - SPACE.wide - 2 * SPACE.small - icon
        wide = self.fontMetrics().horizontalAdvance(words) > room
        self.setToolTip(plain_tooltip(words) if wide else "")

    def setAccessibleName(self, name: str) -> None:
        """On Linux, Qt tells what is chosen in place of the name; as the description it is heard there."""
        super().setAccessibleName(name)
        if sys.platform.startswith("linux") and not self.accessibleDescription():
            self.setAccessibleDescription(name)


class UnitField(QLineEdit):
    """A field with its unit at the right, inside."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = label(unit, "caption")
        self._unit.setParent(self)
        self._unit.adjustSize()
        self.setTextMargins(0, 0, self._unit.width() + SPACE.tight if unit else 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._unit.adjustSize()
        top = (self.height() - self._unit.height()) // 2
        self._unit.move(self.width() - self._unit.width() - SPACE.small, top)


class SettingRow(QWidget):
    """Label and help at the left, the editor at the right, what is wrong below.

    Attributes:
        put: the host wants this raw value. reset: the host wants the default back.
        elsewhere: it is chosen on another page, named here.
    """

    put = Signal(object)
    reset = Signal()
    elsewhere = Signal(str)

    def __init__(self, setting: Setting[Any], fixed_by: str | None) -> None:
        super().__init__()
        self.setting = setting
        self._name = say(setting.label)
        self.editor = self._make_editor()
        self.editor.setAccessibleName(self._name)
        self.editor.setAccessibleDescription(say(setting.help))
        self.wrong = label("", "caption", "bad", wrap=True)
        self.wrong.hide()
        again = say("{setting}: back to the default", setting=self._name)
        self.again = icon_button("undo", again, self.reset.emit)
        policy = self.again.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.again.setSizePolicy(policy)
        title = label(plain(self._name), "strong")
        title.setBuddy(self.editor)
        words = column(title, label(say(setting.help), "muted", wrap=True), gap=0)
        if fixed_by is not None:
            told = say("Fixed by {name} in the environment.", name=fixed_by)
            words.addWidget(label(told, "caption", "info", wrap=True))
            self.editor.setEnabled(False)
        words.addWidget(self.wrong)
        self._fixed = fixed_by is not None
        layout = row(words, self.again, self.editor, gap=SPACE.small)
        layout.setStretch(0, 1)
        layout.setAlignment(self.editor, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)

    def show_value(self, value: Any) -> None:
        """Show the value in force."""
        self.value = value
        self.show_wrong("")
        self.again.setVisible(value != self.setting.default and not self._fixed)
        match self.editor:
            case Switch():
                self.editor.setChecked(bool(value))
            case QComboBox():
                self.editor.setCurrentIndex(self.editor.findData(value))
            case QLineEdit():
                self.editor.setText(short(value) if isinstance(value, float) else str(value))
            case _:
                self._model.put(say("Auto") if value == "auto" else str(value).removeprefix("ollama:"))

    def show_wrong(self, sentence: str) -> None:
        """Say what is wrong with what was typed; an empty sentence says that nothing is."""
        self.wrong.setText(sentence)
        self.wrong.setVisible(bool(sentence))
        self.editor.setProperty("wrong", bool(sentence))
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)

    def _make_editor(self) -> QWidget:
        setting = self.setting
        if setting.kind == "model":
            return self._model_editor()
        if setting.choices:
            return self._combo([(value, say(words)) for value, words in setting.choices])
        if setting.kind == "hour":
            return self._combo([(hour, f"{hour:02d}:00") for hour in range(24)])
        if isinstance(setting.default, bool):
            switch = Switch(self._name)
            switch.clicked.connect(lambda checked: self.put.emit(checked))
            return switch
        field = UnitField(say(setting.unit) if setting.unit is not None else "")
        field.setFixedWidth(SPACE.sidebar if isinstance(setting.default, str) else SPACE.sidebar // 2)
        field.setPlaceholderText(say(setting.allowed()))
        field.editingFinished.connect(lambda: self._typed(field.text()))
        return field

    def _combo(self, choices: list[tuple[Any, str]]) -> QComboBox:
        combo = CalmCombo()
        combo.setFixedWidth(SPACE.sidebar)
        for value, words in choices:
            combo.addItem(words, value)
        combo.activated.connect(lambda _index: self.put.emit(combo.currentData()))
        return combo

    def _model_editor(self) -> QWidget:
        """A model is chosen where models are listed; here it is only named."""
        self._model = ElidedLabel("", "body")
        choose = button(say("Choose…"), on_click=lambda: self.elsewhere.emit("models"))
        choose.setAccessibleName(say("{setting}: choose on the Models page", setting=self._name))
        holder = QWidget()
        layout = row(self._model, choose, gap=SPACE.small)
        layout.setStretch(0, 1)
        holder.setLayout(layout)
        holder.setFixedWidth(SPACE.sidebar + SPACE.wide * 2)
        return holder

    def _typed(self, text: str) -> None:
        shown = short(self.value) if isinstance(self.value, float) else str(self.value)
        if text != shown:
            self.put.emit(text)
        else:
            self.show_wrong("")
