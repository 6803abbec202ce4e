"""The use-cases of policies: which there are, and how a company changes them."""

from __future__ import annotations

from collections.abc import Mapping

from skillmatch.errors import Invalid, NotFound
from skillmatch.matching.policy import POLICIES, Policy
from skillmatch.store.store import Transaction
from skillmatch.workspace.once import Once

AS_SHIPPED = "as shipped"


class Policies(Once):
    """The part of the workspace that keeps policies."""

    def policies(self) -> dict[str, Policy]:
        """Return every policy as it is now, by name: those that are shipped first, then the company's own."""
        with self._store.read() as transaction:
            return all_policies(transaction)

    def policy(self, name: str) -> Policy:
        """Return a policy as it is now, or raise NotFound with the nearest name."""
        return self._store.unchanged(("policy", name), lambda: self._policy(name))

    def _policy(self, name: str) -> Policy:
        with self._store.read() as transaction:
            return policy_of(transaction, name)

    def policy_versions(self, name: str) -> tuple[tuple[Policy, str], ...]:
        """Return every version of a policy that was kept, with the note why it was made, the oldest first."""
        with self._store.read() as transaction:
            policy_of(transaction, name)
            rows = transaction.policy_versions(name)
            return tuple((Policy.from_record(row.name, row.record, version=row.version), row.note) for row in rows)

    def change_policy(
        self, name: str, changes: Mapping[str, str], *, note: str = "", like: str | None = None
    ) -> Policy:
        """Change settings of a policy, or make a new one, and keep it as the next version.

        Parameters
        ----------
        name
            The policy; a new one when `like` is given.
        changes
            Settings by name, as people type them: see `Policy.changed`.
        note
            Why, for people.
        like
            The policy that a new one starts from.

        Raises
        ------
        NotFound
            When there is no policy to start from.
        Invalid
            For a setting or value that a policy cannot have, or a new policy whose name is taken.
        """
        with self._store.write() as transaction:
            known = all_policies(transaction)
            if like is not None and name in known:
                raise Invalid(f"there is a policy {name!r} already: change it, or give the new one another name")
            start = policy_of(transaction, name if like is None else like)
            label = {"label": name} if like is not None else {}
            changed = start.changed({**label, **changes})
            if like is None and changed == start:
                return start
            return _keep(transaction, Policy.from_record(name, changed.to_record(), version=0), note or "changed")

    def restore_policy(self, name: str) -> Policy:
        """Put a shipped policy in force again as it is shipped, as the next version.

        Raises
        ------
        NotFound
            When no policy of that name is shipped.
        """
        if name not in POLICIES:
            raise NotFound.named("policy", name, POLICIES)
        with self._store.write() as transaction:
            return _keep(transaction, POLICIES[name], AS_SHIPPED)


def all_policies(transaction: Transaction) -> dict[str, Policy]:
    """Return every policy as it is now, by name."""
    own = {row.name for row in transaction.policy_versions()}
    return {name: policy_of(transaction, name) for name in (*POLICIES, *sorted(own - POLICIES.keys()))}


def policy_of(transaction: Transaction, name: str, version: int | None = None) -> Policy:
    """Return a policy as it is now, or as a version was; raise NotFound with the nearest name."""
    if version is not None:
        found = transaction.policy_record(name, version)
        if found is None:
            raise NotFound(f"policy {name!r} has no version {version}: see `skillmatch policy show {name}`")
        return Policy.from_record(name, found[1], version=version)
    rows = transaction.policy_versions(name)
    shipped = POLICIES.get(name)
    if rows and not (rows[-1].note == AS_SHIPPED and shipped is not None and rows[-1].record != shipped.to_record()):
        return Policy.from_record(name, rows[-1].record, version=rows[-1].version)
    if shipped is None:
        known = {*POLICIES, *(row.name for row in transaction.policy_versions())}
        raise NotFound.named("policy", name, known)
    return shipped


def kept(transaction: Transaction, policy: Policy) -> Policy:
    """Return a policy under the version it is kept as, so that it can be found again; a shipped one is kept first."""
    return policy if policy.version else _keep(transaction, policy, AS_SHIPPED)


def _keep(transaction: Transaction, policy: Policy, note: str) -> Policy:
    version = transaction.save_policy(policy.name, policy.to_record(), note=note)
    return Policy.from_record(policy.name, policy.to_record(), version=version)
