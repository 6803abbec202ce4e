"""A skills matrix in anybody's words: a sheet of people and skills with marks, read with a preview of every match."""

from skillmatch.importers.matrix.cells import Matrix
from skillmatch.importers.matrix.choices import Choices
from skillmatch.importers.matrix.preview import ColumnMatch, MarkMeaning, MatrixPreview, PersonMatch, Statement
from skillmatch.importers.matrix.sheet import read_matrix

__all__ = [
    "Choices",
    "ColumnMatch",
    "MarkMeaning",
    "Matrix",
    "MatrixPreview",
    "PersonMatch",
    "Statement",
    "read_matrix",
]
