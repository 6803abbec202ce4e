"""What the workspace tells others by itself, each behind an object of its own."""

from __future__ import annotations

from skillmatch.workspace.beside import Beside
from skillmatch.workspace.delivering import Courier
from skillmatch.workspace.webhooks import WebhookBook


class Outgoing(Beside):
    """The part of the workspace that leads to webhooks and to what delivers them."""

    private_webhooks = False

    @property
    def webhooks(self) -> WebhookBook:
        """The addresses that are told what happens, and what they were told."""
        return WebhookBook(self._store, self.now, private=self.private_webhooks)

    @property
    def courier(self) -> Courier:
        """What sends that which is to be told."""
        return Courier(self._store, self.now, self.papers, private=self.private_webhooks)
