"""What pages show of cases: reading only."""

from consultations.reports.case_view import CaseView, view_of
from consultations.reports.lists import CaseLine, lines_of
from consultations.reports.progress import ADVICE_PDF_KEY, progress_of

__all__ = ["ADVICE_PDF_KEY", "CaseLine", "CaseView", "lines_of", "progress_of", "view_of"]
