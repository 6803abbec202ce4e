"""How somebody reads the pages: her language, the clock on which times are shown to her, and the colours."""

from __future__ import annotations

import re
from dataclasses import replace

from skillmatch.accounts import THEMES, Account
from skillmatch.errors import Invalid
from skillmatch.settings import zone_named
from skillmatch.wording import said
from skillmatch.workspace.accounts import AccountBook, found

LANGUAGE = re.compile("([a-z]{2,3})?")


class Preferences(AccountBook):
    """The part of the accounts that everybody sets for herself; "" is always what the company has set."""

    def prefer(self, id: str, *, language: str = "", zone: str = "", theme: str = "") -> Account:
        """Keep how the holder of an account wants to read the pages.

        Raises
        ------
        Invalid
            For a language that is no code, a time zone that is not known, or a theme that there is not.
        """
        if not LANGUAGE.fullmatch(language):
            raise Invalid(said("{language!r} is no language: choose one of the list", language=language[:20]))
        if zone:
            zone_named(zone)
        if theme not in THEMES:
            raise Invalid(said("{theme!r} is no choice of colours: choose one of the list", theme=theme[:20]))
        with self._store.write() as transaction:
            transaction.wait_in_line()
            before = found(transaction, id)
            after = replace(before, language=language, zone=zone, theme=theme)
            if after != before:
                transaction.save_account(after)
            return after
