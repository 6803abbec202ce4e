"""Claims and files come back from the database as they went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from skillmatch.claims import Attachment, CertificateClaim, Claim, ClaimStatus, LevelClaim
from skillmatch.errors import Invalid, NotFound
from skillmatch.store.store import Store

NOW = datetime(2026, 6, 1, 7, 30, 0, 123456, tzinfo=UTC)
FILE = Attachment("f" * 32, "gäs.jpg", "image/jpeg", b"\xff\xd8\x00\x01\xfe", "anna", "Anna", NOW)
GAS = Claim("1" * 32, "anna", CertificateClaim("GAS", date(2026, 1, 2), date(2028, 1, 2), "TÜV"), NOW, "Anna", "näh")
FOREVER = Claim("2" * 32, "ben", CertificateClaim("GAS", date(2026, 1, 2)), NOW + timedelta(hours=1), "Ben")
LEVEL = Claim("3" * 32, "anna", LevelClaim("controls", 3.5), NOW - timedelta(hours=1), "Anna")


@pytest.fixture
def claimed(filled: Store) -> Store:
    """Put in three claims, the first with a file."""
    with filled.write() as transaction:
        transaction.save_attachment(FILE)
        for claim in (replace(GAS, attachment=FILE.id), FOREVER, LEVEL):
            transaction.save_claim(claim)
    return filled


def test_claims_come_back_as_they_went_in_the_oldest_first(claimed: Store):
    gas = replace(GAS, attachment=FILE.id)
    with claimed.read() as transaction:
        assert transaction.claims() == [LEVEL, gas, FOREVER]
        assert transaction.claims(worker="anna") == [LEVEL, gas]
        assert transaction.claims(limit=2) == [gas, FOREVER]
        assert transaction.claim(GAS.id) == gas
        for nothing in ("", "x", "\0", "9" * 32):
            assert transaction.claim(nothing) is None
            assert transaction.claims(worker=nothing) == []


def test_what_became_of_a_claim_is_overwritten_and_nothing_else(claimed: Store):
    decided = replace(
        GAS, status=ClaimStatus.DECLINED, decided=NOW, decided_by="Mona", reason="zu dunkel", note="other"
    )
    with claimed.write() as transaction:
        transaction.save_claim(decided)
    with claimed.read() as transaction:
        kept = replace(decided, note=GAS.note, attachment=FILE.id)
        assert transaction.claim(GAS.id) == kept
        assert transaction.claims(status=ClaimStatus.OPEN) == [LEVEL, FOREVER]
        assert transaction.decided_claims(limit=5) == [kept]


def test_a_file_comes_back_to_the_byte(claimed: Store):
    with claimed.read() as transaction:
        assert transaction.attachment(FILE.id) == FILE
        assert transaction.attachment("0" * 32) is None
        assert transaction.attachment("\0") is None
        assert transaction.attachment_medias([FILE.id, "0" * 32]) == {FILE.id: "image/jpeg"}


def test_files_that_belong_to_no_claim_are_forgotten_after_a_while(claimed: Store):
    stray, fresh = (replace(FILE, id=digit * 32, time=NOW + timedelta(days=n)) for n, digit in enumerate("ab"))
    with claimed.write() as transaction:
        transaction.save_attachment(stray)
        transaction.save_attachment(fresh)
        assert transaction.drop_attachments(before=NOW + timedelta(hours=1)) == 1
        assert transaction.attachment(stray.id) is None
        assert transaction.attachment(fresh.id) == fresh
        assert transaction.attachment(FILE.id) == FILE  # older, and its claim needs it


def test_a_claim_of_nobody_and_text_that_cannot_be_kept_are_refused(claimed: Store):
    with pytest.raises(NotFound), claimed.write() as transaction:
        transaction.save_claim(replace(GAS, id="4" * 32, worker="ghost"))
    with pytest.raises(Invalid, match="NUL"), claimed.write() as transaction:
        transaction.save_claim(replace(GAS, id="4" * 32, note="a\0b"))
