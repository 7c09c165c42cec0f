"""Jobs of the documents."""

from __future__ import annotations

from procrastinate.contrib.django import app

from medguild.foundation.documents.services import remove_orphans, verify_files
from medguild.foundation.kernel.actor import Actor


@app.periodic(cron="40 2 * * *")
@app.task(name="documents.remove_orphans", queueing_lock="documents.remove_orphans")
def remove_orphans_nightly(timestamp: int) -> None:
    remove_orphans()


@app.periodic(cron="0 4 * * 0")
@app.task(name="documents.verify_files", queueing_lock="documents.verify_files")
def verify_files_weekly(timestamp: int) -> None:
    verify_files(by=Actor.job("document check"))
