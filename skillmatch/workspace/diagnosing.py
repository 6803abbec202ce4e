"""The use-cases of a vague call: what may be behind it, whom to send meanwhile, what to ask, and to go with a cause."""

from __future__ import annotations

from dataclasses import replace
from types import EllipsisType

from skillmatch.causes import WENT_WITH
from skillmatch.errors import Conflict, Invalid, NotFound
from skillmatch.matching.diagnosis.counts import TYPE
from skillmatch.matching.diagnosis.estimate import diagnose
from skillmatch.matching.diagnosis.marginal import Marginal
from skillmatch.matching.diagnosis.nouns import OTHER, Call
from skillmatch.matching.diagnosis.questions import SYMPTOM, symptom
from skillmatch.matching.diagnosis.signs import Basis
from skillmatch.matching.diagnosis.weights import Weights
from skillmatch.matching.diagnosis.words import words_of
from skillmatch.matching.diagnosis.worth import questions_for, worth_asking
from skillmatch.matching.policy import Policy
from skillmatch.matching.ranking import Scoring
from skillmatch.matching.view import View
from skillmatch.model import Job, JobStatus, Need, Question, ways
from skillmatch.needs import name_of
from skillmatch.store.store import Transaction
from skillmatch.wording import said
from skillmatch.workspace.answers import JobView
from skillmatch.workspace.base import job_view
from skillmatch.workspace.findings import Findings, call_of, weights_of
from skillmatch.workspace.merging import Merging
from skillmatch.workspace.policies import policy_of
from skillmatch.workspace.prospects import (
    DiagnosisAnswer,
    Prospect,
    fixed,
    least_cost,
    marginal_of,
    named_in,
    prospect,
    tidy,
    went_with,
)

ASKING = 0.5
"""What a question costs, in the money of an hour's pay: half a minute on the telephone."""
NO_SYMPTOMS = frozenset(
    "about after again also always another any anything around because before best better bit call called calling came"
    " come day days first get gets getting going good got hello help hour hours just keep last like lot made make many"
    " maybe minute minutes month more morning much never new next nobody now often old once only other people please"
    " quite really said same say says second see seems since some somebody someone something soon still thank thanks"
    " thing things think third time times today tomorrow too twice urgent very want week weeks well whole year years"
    " yesterday yet".split()
)
"""Words that may go with causes, but after which nobody can ask whether the customer notices such a thing."""


class Diagnosing(Merging):
    """The part of the workspace that looks behind calls."""

    _findings: Findings | None = None

    def diagnose(
        self, job: str, *, policy: str = "balanced", limit: int = 5, teams: tuple[str, ...] = ()
    ) -> DiagnosisAnswer:
        """Return what may be behind a job's call, whom to send while that is uncertain, and what is worth asking.

        Parameters
        ----------
        job
            Its id.
        policy
            The name of a policy: its hard rules and limits.
        limit
            How many workers and questions to show.
        teams
            Ask about the workers of these teams only; () for everybody.

        Raises
        ------
        NotFound
            When there is no such job or policy.
        """
        with self._lock, self._store.read() as transaction:
            return self._diagnose(transaction, job, policy_of(transaction, policy), limit, teams)

    def answer(self, job: str, question: str, yes: bool | None, *, seen: bool | EllipsisType | None = ...) -> Job:
        """Keep what the customer said to a question, None to take it back; the same again changes nothing.

        Parameters
        ----------
        seen
            The answer that stood there when the customer was asked, None for none. Left out, whatever stands there is
            overwritten.

        Raises
        ------
        NotFound
            When there is no such job, or no such question for it.
        Conflict
            When the job is no longer open, or somebody else has kept another answer meanwhile.
        """
        with self._lock, self._store.write() as transaction:
            found = _open(transaction, job)
            answers = dict(found.job.answers)
            now = answers.get(question)
            if seen is not ... and now != seen and now != yes:
                raise Conflict(
                    said(
                        "the question {question!r} of job {job!r} was {answered} meanwhile, and not by you: look at "
                        "the job again, and answer once more if that is wrong",
                        question=question,
                        job=job,
                        answered=_said(now),
                    )
                )
            if yes is None:
                answers.pop(question, None)
            else:
                findings = self._findings_now(transaction)
                _check_question(question, Call(job_type=found.job.type or None), findings)
                answers[question] = yes
            return _save(transaction, found.job, replace(found.job, answers=tuple(answers.items())))

    def go_with(self, job: str, cause: str | None) -> Job:
        """Give a job the needs and minutes of one of its likely causes, so that everything else goes by these.

        None goes back to what the job type asks for. Levels are rounded to a tenth, minutes to a whole one.

        Raises
        ------
        NotFound
            When there is no such job, or the cause is none of its likely ones.
        Conflict
            When the job is no longer open, or there is nothing to go back from.
        """
        with self._lock, self._store.write() as transaction:
            found = _open(transaction, job)
            before, kept = went_with(found.job), _without_cause(found.job)
            if cause is None:
                if before is None:
                    raise Conflict(
                        said("nobody went with a cause of job {job!r}: it has its needs from elsewhere", job=job)
                    )
                return _save(transaction, found.job, replace(kept, requirements=(), minutes=None))
            if cause == before:
                return found.job
            likely = self._diagnose(transaction, job, policy_of(transaction, "balanced"), 0, ()).diagnosis.likely
            known = {one.cause: one for one in likely if one.cause != OTHER}
            if cause not in known:
                raise NotFound.named("cause", cause, known)
            chosen = known[cause]
            minutes = kept.minutes if chosen.minutes is None else float(max(round(chosen.minutes), 1))
            answers = (*kept.answers, (WENT_WITH + cause, True))
            changed = replace(kept, requirements=tidy(chosen.needs), minutes=minutes, answers=answers)
            if not changed.requirements:
                raise Invalid(
                    said("nothing is known of what cause {cause!r} needs: go with it by choosing a worker", cause=cause)
                )
            return _save(transaction, found.job, changed)

    def causes_of(self, job_type: str | None) -> tuple[str, ...]:
        """Return the causes that are listed for a job type, then those that its finished jobs turned out to have."""
        with self._lock, self._store.read() as transaction:
            findings = self._findings_now(transaction)
            call = Call(job_type=job_type)
            listed = [cause.id for cause in findings.listed(call)]
            table = findings.counts.table(TYPE, job_type)
            found = sorted(table.total, key=lambda cause: (-table.total[cause], cause)) if table else []
            return tuple(dict.fromkeys((*listed, *found)))

    def _findings_now(self, transaction: Transaction) -> Findings:
        if self._findings is None:
            self._findings = Findings(transaction, self.zone)
        self._findings.refresh(transaction)
        return self._findings

    def _diagnose(
        self, transaction: Transaction, job: str, policy: Policy, limit: int, teams: tuple[str, ...]
    ) -> DiagnosisAnswer:
        views, found = self._views(transaction, job, teams=teams)
        findings, learned = self._findings_now(transaction), transaction.sign_weights()
        call = call_of(found.job, found.site, found.asset, otherwise=self.now(), zone=self.zone)
        marginal, notes = self._least(found, call, views[0], policy, weights_of(learned))
        stated = findings.listed(call)
        questions = questions_for(findings.counts, marginal, stated=stated, listed=findings.asked(call))
        questions = tuple(one for one in questions if one.id.removeprefix(SYMPTOM) not in NO_SYMPTOMS)
        worths = worth_asking(questions, marginal, findings.counts, price=ASKING, stated=stated)[:limit]
        prospects = tuple(prospect(marginal, int(place), policy) for place in marginal.best(limit))
        return DiagnosisAnswer(
            job=found.job,
            diagnosis=marginal.diagnosis,
            known=bool(stated) or findings.counts.table(TYPE, call.job_type) is not None,
            went_with=went_with(found.job),
            answered=tuple((_question(id, call, findings), yes) for id, yes in call.answers.items()),
            prospects=prospects,
            by_type=self._by_type(found, marginal, policy) if prospects else None,
            by_ranking=_by_ranking(views, marginal, policy) if prospects else None,
            questions=worths,
            workers=named_in(worths, views[0]),
            prices=self.visit_prices,
            policy=policy.name,
            eligible=int(marginal.eligible.sum()),
            total_workers=views[0].count,
            hidden=len(marginal.eligible) - views[0].count,
            version=learned.version if learned else 0,
            revision=views[0].table.revision,
            notes=(*marginal.diagnosis.notes, *notes),
        )

    def _least(
        self, found: JobView, call: Call, view: View, policy: Policy, weights: Weights
    ) -> tuple[Marginal, tuple[str, ...]]:
        """Return everybody's prospects, by the way to meet the needs in which sending somebody costs least."""
        assert self._findings is not None
        findings, minutes = self._findings, _usual_minutes(found)
        choices = ways(_usual_needs(found))
        options = [
            marginal_of(
                diagnose(
                    findings.counts,
                    call,
                    needs=way,
                    minutes=minutes,
                    stated=findings.listed(call),
                    questions=findings.asked(call),
                    weights=weights,
                ),
                view,
                policy,
                self.visit_prices,
            )
            for way in choices
        ]
        best = min(range(len(options)), key=lambda number: (least_cost(options[number]), number))
        if len(choices) == 1:
            return options[best], ()
        named = ", ".join(name_of(need) for need in choices[best])
        return options[best], (
            said("its needs leave a choice; reckoned with the one that costs least: {needs}", needs=named),
        )

    def _by_type(self, found: JobView, marginal: Marginal, policy: Policy) -> Prospect | None:
        """Return whom the fixed requirements would send by the same prices, with what is to be expected of her."""
        view, minutes = marginal.views[0], _usual_minutes(found)
        options = [
            marginal_of(fixed(marginal.diagnosis, way, minutes), view, policy, self.visit_prices)
            for way in ways(_usual_needs(found))
        ]
        best = min(options, key=least_cost).best(1)
        return prospect(marginal, int(best[0]), policy) if len(best) else None


def _by_ranking(views: tuple[View, ...], marginal: Marginal, policy: Policy) -> Prospect | None:
    scoring = Scoring(views, policy)
    best = scoring.best(1, scoring.eligible)
    return prospect(marginal, int(best[0]), policy) if len(best) else None


def _usual_needs(found: JobView) -> tuple[Need, ...]:
    """Return what the job needs as far as nobody went with a cause: its own needs, else those of its type."""
    if went_with(found.job) is None:
        return found.needs
    return found.type.requirements if found.type else ()


def _usual_minutes(found: JobView) -> float | None:
    own = found.job.minutes if went_with(found.job) is None else None
    return own or (found.type.minutes if found.type else None)


def _question(id: str, call: Call, findings: Findings) -> Question:
    """Return a question by its id, in the words in which it was asked as far as they are known."""
    listed = {question.id: question for question in findings.questions}
    if id in listed:
        return listed[id]
    if not id.startswith(SYMPTOM):
        return Question(id, id)
    basis = Basis.of(findings.counts, call, findings.listed(call))
    return symptom(id.removeprefix(SYMPTOM), basis.causes, basis.table)


def _check_question(id: str, call: Call, findings: Findings) -> None:
    """Raise NotFound for what is no question about such calls: neither listed nor one for a word."""
    known = {question.id for question in findings.asked(call)}
    word = id.removeprefix(SYMPTOM)
    if id not in known and not (id.startswith(SYMPTOM) and words_of(word) == (word,)):
        raise NotFound.named("question", id, known)


def _open(transaction: Transaction, job: str) -> JobView:
    """Return an open job, as the last writer left it and as it stays until the end of the transaction."""
    transaction.lock_workers(())  # waits for other writers
    found = job_view(transaction, job)
    if found.job.status is not JobStatus.OPEN:
        raise Conflict(
            said(
                "job {job!r} is {status}: only of open jobs can answers and causes be changed",
                job=job,
                status=said(str(found.job.status)),
            )
        )
    return found


def _without_cause(job: Job) -> Job:
    return replace(job, answers=tuple(pair for pair in job.answers if not pair[0].startswith(WENT_WITH)))


def _save(transaction: Transaction, before: Job, after: Job) -> Job:
    if after != before:
        (recorded,) = transaction.recorded(Job, [after.id])
        # What merges of skills make of the needs is never written.
        kept = recorded.requirements if after.requirements == before.requirements else after.requirements
        row = replace(after, requirements=kept)
        transaction.save_nouns(Job, [row], revision=transaction.next_revision())
    return after


def _said(answer: bool | None) -> str:
    return said("taken back") if answer is None else said("answered yes") if answer else said("answered no")
