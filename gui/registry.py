"""Windows' registry, the host's own part of it."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import winreg

    class WindowsRegistry:
        """HKEY_CURRENT_USER. Raises OSError."""

        def get(self, key: str, name: str) -> str | bytes | None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    value = winreg.QueryValueEx(opened, name)[0]
            except FileNotFoundError:
                return None
            return value if isinstance(value, (str, bytes)) else None

        def put(self, key: str, name: str, value: str) -> None:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

        def remove(self, key: str, name: str) -> None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return

else:

    class WindowsRegistry:
        """There is none on this system."""

        def get(self, key: str, name: str) -> str | bytes | None:
            return None

        def put(self, key: str, name: str, value: str) -> None:
            raise OSError("no registry on this system")

        def remove(self, key: str, name: str) -> None:
            return
