"""A file or a folder of tables: which file and sheet is which kind, by its name or by a mapping."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from skillmatch.errors import Invalid
from skillmatch.importers import jsonl
from skillmatch.importers.draft import Draft, Unfit, shown
from skillmatch.importers.excel import Workbook
from skillmatch.importers.intake import Header, Intake, plan_by_header
from skillmatch.importers.kinds import expected_names, kind_of_name
from skillmatch.importers.mapped import plan_by_rule
from skillmatch.importers.mapping import Mapping, TableRule
from skillmatch.importers.tables import Row, read_csv

CSV_ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
EXCEL_ENDINGS = (".xlsx",)
ENDINGS = (*CSV_ENDINGS, *EXCEL_ENDINGS, *jsonl.ENDINGS)
OLD_ENDINGS = (".xls", ".xlsm", ".xlsb", ".ods")


def accepts(path: Path) -> bool:
    """Return whether `path` may hold tables: any folder, any file."""
    return path.is_dir() or path.is_file()


def read(path: Path, draft: Draft, mapping: Mapping | None = None, mapping_name: str = "") -> None:
    """Read the tables of a file, or of every file of a folder whose name or mapping says what it is.

    Raises
    ------
    Invalid
        When the mapping does not fit the files.
    """
    files = _files(path)
    reader = _Reader(draft, mapping, mapping_name)
    reader.check_files([file.name for file in files], whole=path.is_dir())
    if not files:
        names = ", ".join(f"{name}.csv" for name in ("workers", "skills", "jobs"))
        draft.refuse(
            path.name, Unfit("a folder with nothing to import", f"files such as {names}, or an .xlsx or .jsonl")
        )
    for file in files:
        with draft.reading(file.name):
            reader.read(file)


def _files(path: Path) -> list[Path]:
    """Return the file itself, or the files of a folder that may hold tables, by name."""
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.iterdir()
        if file.name.lower().endswith((*ENDINGS, *OLD_ENDINGS)) and file.name[0] not in ".~" and file.is_file()
    )


class _Reader:
    def __init__(self, draft: Draft, mapping: Mapping | None, mapping_name: str) -> None:
        self._draft, self._mapping, self._mapping_name = draft, mapping, mapping_name
        self._rules: dict[str, list[tuple[str, TableRule]]] = {}
        for number, rule in enumerate(mapping.table if mapping else (), 1):
            self._rules.setdefault(rule.file, []).append((f"{mapping_name}: table {number}", rule))

    def check_files(self, names: list[str], *, whole: bool) -> None:
        """Raise unless the files that the mapping names are there; of one file alone, unless it is named."""
        if not self._rules:
            return
        missing = [name for name in self._rules if name not in names]
        if missing and (whole or len(missing) == len(self._rules)):
            where = self._rules[missing[0]][0][0]
            raise Invalid(f"{where}.file: there is no {missing[0]!r}: expected {expected_names(missing[0], names)}")

    def read(self, file: Path) -> None:
        """Read one file into the draft.

        Raises
        ------
        Unfit
            When the file is none of ours, or cannot be read any further.
        """
        name = file.name.lower()
        if name.endswith(jsonl.ENDINGS):
            jsonl.read(file, self._draft)
        elif name.endswith(EXCEL_ENDINGS):
            self._read_workbook(file)
        elif name.endswith(CSV_ENDINGS):
            rules = self._rules.get(file.name, [])
            self._read_table(file.name, read_csv(file, file.name, self._draft), rules, file.name)
        else:
            raise Unfit(f"a file of the kind {file.suffix or 'none'!r}", "a table saved as .csv or .xlsx, or .jsonl")

    def _read_workbook(self, file: Path) -> None:
        book = Workbook(file)
        try:
            sheets = book.sheets()
            if not sheets:
                raise Unfit("a workbook without rows", "sheets with the names of their columns in the first row")
            for sheet in sheets:
                rules = self._rules_of(file.name, sheet, sheets)
                # One table alone in a workbook may be named by the file instead of the sheet.
                title = file.stem if len(sheets) == 1 and not kind_of_name(sheet) else sheet
                label = f"{file.name}[{sheet}]"
                with self._draft.reading(label):
                    self._read_table(label, book.rows(sheet), rules, title)
        finally:
            book.close()

    def _rules_of(self, file: str, sheet: str, sheets: list[str]) -> list[tuple[str, TableRule]]:
        rules = self._rules.get(file, [])
        for where, rule in rules:
            if rule.sheet is None and len(sheets) > 1:
                raise Invalid(f"{where}: {file} has several sheets: expected sheet = {expected_names('', sheets)}")
            if rule.sheet is not None and rule.sheet not in sheets:
                raise Invalid(
                    f"{where}.sheet: there is no {rule.sheet!r}: expected {expected_names(rule.sheet, sheets)}"
                )
        return [(where, rule) for where, rule in rules if rule.sheet in (None, sheet)]

    def _read_table(self, label: str, rows: Iterator[Row], rules: list[tuple[str, TableRule]], title: str) -> None:
        kind = kind_of_name(title)
        if not rules and kind is None:
            if self._mapping is None:
                raise Unfit(f"the name {shown(title)}, which is no kind of table", expected_names(title.split(".")[0]))
            self._draft.notes.append(f"{label}: not in {self._mapping_name}, and of no known name; left out")
            return
        first = next(rows, None)
        if first is None:
            return
        header = Header(*first)
        if rules:
            source = self._mapping.source if self._mapping else ""
            plans = [plan_by_rule(rule, header, source=source, where=where) for where, rule in rules]
        else:
            plan = plan_by_header(kind, header, label, self._draft) if kind else None
            plans = [plan] if plan else []
        intakes = [Intake(plan, header, label, self._draft) for plan in plans]
        if intakes:
            self._take(label, rows, intakes)

    def _take(self, label: str, rows: Iterator[Row], intakes: list[Intake]) -> None:
        for line, cells in self._draft.watch(label, rows):
            for intake in intakes:
                intake.take(line, cells)
        if not intakes[0].rows:
            self._draft.notes.append(f"{label}: no rows below the names of the columns")
        for intake in intakes:
            if intake.skipped:
                self._draft.notes.append(
                    f"{label}: {intake.skipped:,} of {intake.rows:,} rows left out as the mapping says "
                    f"({intake.plan.kind.name})"
                )
