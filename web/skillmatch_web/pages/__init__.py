"""The pages: one module and one template each."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

from skillmatch_web.languages import N_
from skillmatch_web.pages import (
    account,
    accounts,
    approvals,
    calendar,
    certificates,
    correction,
    customer,
    customers,
    decision,
    decisions,
    diagnosis,
    dispute,
    disputes,
    docs,
    downloads,
    duplicates,
    edit,
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
    new_job,
    new_skill,
    outcome,
    overview,
    own_words,
    plan,
    planned,
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
    webhooks,
    worker,
    workers,
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page and, if it is reached from everywhere, its `label` in the navigation; its main view is `<name>.show`.

    One that is `seldom` asked for stands under *More*.
    """

    blueprint: Blueprint
    label: str | None = None
    seldom: bool = False


PAGES: tuple[Page, ...] = (
    Page(overview.blueprint, N_("Overview")),
    Page(today.blueprint, N_("Today")),
    Page(jobs.blueprint, N_("Jobs")),
    Page(plan.blueprint, N_("Day plan")),
    Page(customers.blueprint, N_("Customers")),
    Page(workers.blueprint, N_("Workers")),
    Page(skills.blueprint, N_("Skills")),
    Page(approvals.blueprint, N_("Approvals")),
    Page(decisions.blueprint, N_("Decisions"), seldom=True),
    Page(matrix.blueprint, N_("Skills matrix"), seldom=True),
    Page(thin.blueprint, N_("Where we are thin"), seldom=True),
    Page(load.blueprint, N_("Load"), seldom=True),
    Page(expiring.blueprint, N_("Certificates that run out"), seldom=True),
    Page(disputes.blueprint, N_("Disputes"), seldom=True),
    Page(suggestions.blueprint, N_("Suggestions"), seldom=True),
    Page(downloads.blueprint, N_("Downloads"), seldom=True),
    Page(accounts.blueprint, N_("Accounts"), seldom=True),
    Page(planned.blueprint),
    Page(webhooks.blueprint, N_("Webhooks"), seldom=True),
    Page(job.blueprint),
    Page(named.blueprint),
    Page(edit.blueprint),
    Page(new_job.blueprint),
    Page(explain.blueprint),
    Page(diagnosis.blueprint),
    Page(outcome.blueprint),
    Page(correction.blueprint),
    Page(decision.blueprint),
    Page(worker.blueprint),
    Page(own_words.blueprint),
    Page(skill.blueprint),
    Page(dispute.blueprint),
    Page(certificates.blueprint),
    Page(growing.blueprint),
    Page(duplicates.blueprint),
    Page(new_skill.blueprint),
    Page(graph.blueprint),
    Page(skill_edit.blueprint),
    Page(matrix_import.blueprint),
    Page(finish.blueprint),
    Page(customer.blueprint),
    Page(site.blueprint),
    Page(account.blueprint),
    Page(tokens.blueprint),
    Page(calendar.blueprint),
    Page(docs.blueprint),
    Page(signing.blueprint),
    Page(sign_on.blueprint),
    Page(invitation.blueprint),
)
"""Every page; those with a label in the order of the navigation."""
