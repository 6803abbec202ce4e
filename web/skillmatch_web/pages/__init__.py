"""The pages: one module and one template each."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from skillmatch_web.languages import N_
from skillmatch_web.pages import (
    account,
    accounts,
    approvals,
    certificates,
    customer,
    customers,
    decision,
    decisions,
    diagnosis,
    dispute,
    disputes,
    docs,
    duplicates,
    expiring,
    explain,
    finish,
    graph,
    growing,
    invitation,
    job,
    jobs,
    load,
    matrix,
    matrix_import,
    named,
    new_skill,
    outcome,
    overview,
    own_words,
    sign_on,
    signing,
    site,
    skill,
    skill_edit,
    skills,
    suggestions,
    thin,
    today,
    tokens,
    worker,
    workers,
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page and, if it is reached from everywhere, its `label` in the navigation; its main view is `<name>.show`."""

    blueprint: Blueprint
    label: str | None = None


PAGES: tuple[Page, ...] = (
    Page(overview.blueprint, N_("Overview")),
    Page(today.blueprint, N_("Today")),
    Page(jobs.blueprint, N_("Jobs")),
    Page(job.blueprint),
    Page(named.blueprint),
    Page(explain.blueprint),
    Page(diagnosis.blueprint),
    Page(outcome.blueprint),
    Page(decisions.blueprint, N_("Decisions")),
    Page(decision.blueprint),
    Page(workers.blueprint, N_("Workers")),
    Page(matrix.blueprint, N_("Matrix")),
    Page(thin.blueprint, N_("Thin")),
    Page(load.blueprint, N_("Load")),
    Page(worker.blueprint),
    Page(own_words.blueprint),
    Page(skill.blueprint),
    Page(dispute.blueprint),
    Page(disputes.blueprint, N_("Disputes")),
    Page(certificates.blueprint),
    Page(growing.blueprint),
    Page(expiring.blueprint, N_("Certificates")),
    Page(approvals.blueprint, N_("Approvals")),
    Page(skills.blueprint, N_("Skills")),
    Page(duplicates.blueprint),
    Page(new_skill.blueprint),
    Page(graph.blueprint),
    Page(skill_edit.blueprint),
    Page(matrix_import.blueprint),
    Page(finish.blueprint),
    Page(customers.blueprint, N_("Customers")),
    Page(customer.blueprint),
    Page(site.blueprint),
    Page(suggestions.blueprint, N_("Suggestions")),
    Page(accounts.blueprint, N_("Accounts")),
    Page(account.blueprint),
    Page(tokens.blueprint),
    Page(docs.blueprint),
    Page(signing.blueprint),
    Page(sign_on.blueprint),
    Page(invitation.blueprint),
)
"""Every page, in the order of the navigation."""
