"""Saying that something was done, on the next page, with a button that takes it back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash

DONE = "done"


def done(text: str, *, undo: str = "", fields: Mapping[str, str] | None = None) -> None:
    """Say on the next page that something was done.

    Parameters
    ----------
    text
        What was done, in the language of the reader.
    undo
        The address of ours to which the button *Undo* sends a form; without one there is no button.
    fields
        What is sent with it.
    """
    flash({"text": text, "undo": undo, "fields": dict(fields or {})}, DONE)  # type: ignore[arg-type]
