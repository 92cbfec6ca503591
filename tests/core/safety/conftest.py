"""The same app as the conversation's tests: a brain that says what it is told to, a still clock."""

from tests.core.conversation.conftest import app, brain, clock, play

__all__ = ["app", "brain", "clock", "play"]
