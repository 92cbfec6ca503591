"""How Echodeck looks: the tokens every colour and size comes from, and the theme that follows the
computer's light, dark or high contrast while the window is open."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.icons import icon
from gui.stylesheet import stylesheet

__all__ = ["SPACE", "THEMES", "TYPE", "Colours", "Theme", "apply", "contrast", "current", "icon", "luminance"]

THEMES = ("system", "light", "dark", "contrast")


@dataclass(frozen=True, slots=True)
class Space:
    """The 8-pixel grid, in device-independent pixels."""

    tight: int = 4
    small: int = 8
    medium: int = 16
    large: int = 24
    wide: int = 32
    radius_card: int = 10
    radius_control: int = 6
    control_height: int = 36
    icon: int = 18
    sidebar: int = 208
    form: int = 560
    reading: int = 720
    column: int = 1040  # of cards below each other
    page: int = 1600


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes of type, in device-independent pixels."""

    caption: int = 12
    body: int = 14
    strong: int = 14
    heading: int = 16
    title: int = 20
    display: int = 28


SPACE = Space()
TYPE = Type()


@dataclass(frozen=True, slots=True)
class Colours:
    """One palette.

    Attributes:
        window, surface, sunken: behind everything, of a card, of a well inside a card.
        line, edge: a quiet divider, the outline of a control (3:1 against the surface).
        off, off_line: words and outline of a control that is switched off.
        accent, on_accent, accent_soft: the one accent, text on it, and its quiet background.
        good, warn, bad, info: the four meanings, as text; `*_soft` the quiet background of each.
    """

    window: str
    surface: str
    sunken: str
    line: str
    edge: str
    text: str
    muted: str
    off: str
    off_line: str
    accent: str
    accent_strong: str
    on_accent: str
    accent_soft: str
    good: str
    warn: str
    bad: str
    info: str
    good_soft: str
    warn_soft: str
    bad_soft: str
    info_soft: str

    def colour(self, role: str) -> QColor:
        """The colour of a role, e.g. `muted`."""
        return QColor(getattr(self, role))


LIGHT = Colours(
    window="#F5F6F9",
    surface="#FFFFFF",
    sunken="#EEF0F4",
    line="#DEE1E8",
    edge="#7E8696",
    text="#1A1D24",
    muted="#565E6D",
    off="#565E6D",
    off_line="#DEE1E8",
    accent="#4F46E5",
    accent_strong="#4338CA",
    on_accent="#FFFFFF",
    accent_soft="#E9E8FC",
    good="#14693A",
    warn="#7F4D00",
    bad="#AB2015",
    info="#1553BF",
    good_soft="#E2F5EA",
    warn_soft="#FDF0D5",
    bad_soft="#FDE8E6",
    info_soft="#E3EDFC",
)
DARK = Colours(
    window="#14161B",
    surface="#1D2027",
    sunken="#16181E",
    line="#30353F",
    edge="#727B8C",
    text="#E9EBF0",
    muted="#A7AFBE",
    off="#A7AFBE",
    off_line="#30353F",
    accent="#A5A6FB",
    accent_strong="#BCBDFD",
    on_accent="#14152B",
    accent_soft="#2B2C4F",
    good="#62D394",
    warn="#F0B650",
    bad="#FF978D",
    info="#86B9FF",
    good_soft="#17332A",
    warn_soft="#3A2E16",
    bad_soft="#3F2224",
    info_soft="#1B2F4D",
)
CONTRAST = Colours(
    window="#000000",
    surface="#000000",
    sunken="#000000",
    line="#FFFFFF",
    edge="#FFFFFF",
    text="#FFFFFF",
    muted="#E4E4E4",
    off="#9A9A9A",
    off_line="#9A9A9A",
    accent="#C4C5FF",
    accent_strong="#FFFFFF",
    on_accent="#000000",
    accent_soft="#26264A",
    good="#7DFFAE",
    warn="#FFD35C",
    bad="#FFB3AB",
    info="#A9CFFF",
    good_soft="#000000",
    warn_soft="#000000",
    bad_soft="#000000",
    info_soft="#000000",
)
PALETTES = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}

# Lines and areas of charts: told apart by the colour-blind too (after Okabe & Ito 2008), each 3:1 against
# a card. Charts give every line a dash of its own besides, for no meaning goes by colour alone.
SERIES = {
    "light": ("#0072B2", "#C24A00", "#00805C", "#8C4B9E", "#8A6500", "#5B6472"),
    "dark": ("#6CB8F0", "#FF9E66", "#4FD1A5", "#DDA0E8", "#E8C35A", "#A7AFBE"),
    "contrast": ("#7CC8FF", "#FFB184", "#66F0C0", "#F0B8FA", "#FFE07A", "#FFFFFF"),
}


# What Qt lets slide or fade by itself, where the system's own windows do.
_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)


class Theme(QObject):
    """The look in force. `changed` fires after everything has been recoloured.

    Attributes:
        wanted: what the host chose, one of THEMES. name: what that comes to now (never `system`).
        still: the computer asks for less motion.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self.wanted = "system"
        self.name = "light"
        self._motion = True
        self.still = False
        self._effects = [effect for effect in _EFFECTS if application.isEffectEnabled(effect)]
        hints = application.styleHints()
        self._scheme = hints.colorScheme()
        self._contrast = hints.accessibility().contrastPreference()
        hints.colorSchemeChanged.connect(self._scheme_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._contrast_changed)

    @property
    def colours(self) -> Colours:
        return PALETTES[self.name]

    def colour(self, role: str) -> QColor:
        """The colour of a role in the palette in force."""
        return self.colours.colour(role)

    def series(self, number: int) -> QColor:
        """The colour of a chart's line in the palette in force; after the last the first comes again."""
        colours = SERIES[self.name]
        return QColor(colours[number % len(colours)])

    def choose(self, wanted: str) -> None:
        """Wear `wanted`, one of THEMES, from now on."""
        self.wanted = wanted if wanted in THEMES else "system"
        self._wear(self._of_the_computer() if self.wanted == "system" else self.wanted)

    @property
    def motion(self) -> bool:
        """May anything move? Not when the host or the computer asks for stillness."""
        return self._motion and not self.still

    def let_move(self, wanted: bool, *, still: bool) -> None:
        """Take over what the host wants, and whether the computer asks for less."""
        self._motion, self.still = wanted, still
        for effect in self._effects:
            self._application.setEffectEnabled(effect, self.motion)

    def _scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self._follow()

    def _contrast_changed(self, wanted: Qt.ContrastPreference) -> None:
        self._contrast = wanted
        self._follow()

    def _follow(self) -> None:
        if self.wanted == "system":
            self._wear(self._of_the_computer())

    def _of_the_computer(self) -> str:
        """What the computer looks like now: high contrast comes before light and dark."""
        if self._contrast == Qt.ContrastPreference.HighContrast:
            return "contrast"
        return "dark" if self._scheme == Qt.ColorScheme.Dark else "light"

    def _wear(self, name: str) -> None:
        self.name = name
        self._application.setPalette(_palette(self.colours))
        self._application.setStyleSheet(stylesheet(self.colours, SPACE, TYPE))
        for widget in self._application.allWidgets():
            widget.update()
        self.changed.emit()


def apply(application: QApplication, theme_name: str = "system") -> Theme:
    """Dress the application; called once, and again whenever the host chooses another theme."""
    theme = application.findChild(Theme)
    if theme is None:
        application.setStyle("Fusion")
        application.setFont(_font())
        theme = Theme(application)
    theme.choose(theme_name)
    return theme


def current() -> Theme:
    """The theme of the running application; the light one before anybody chose."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application.findChild(Theme) or apply(application, "light")


def _font() -> QFont:
    font = QGuiApplication.font()
    if "Inter" in QFontDatabase.families():
        font = QFont("Inter")
    elif not QFontInfo(font).family():
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(TYPE.body)
    return font


def _palette(colours: Colours) -> QPalette:
    """Fusion draws from the palette whatever the stylesheet leaves alone."""
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.sunken,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.ToolTipBase: colours.text,
        QPalette.ColorRole.ToolTipText: colours.surface,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Midlight: colours.sunken,
        QPalette.ColorRole.Dark: colours.edge,
        QPalette.ColorRole.Shadow: colours.edge,
        QPalette.ColorRole.Light: colours.surface,
    }
    palette = QPalette()
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.off))
    return palette


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0–1 (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1–21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
