"""The job that carries out lists of moves; it finds by itself what a job that died has left."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from medguild.operations.templates.moving import carry_out, running_plans


@app.periodic(cron="* * * * *")
@app.task(name="templates.move_visits", queueing_lock="templates.move_visits", pass_context=False)
def move_visits(timestamp: int = 0) -> int:
    """Every minute, and at once when somebody starts a list; returns how many visits were tried."""
    return sum(carry_out(plan_id=plan_id) for plan_id in running_plans())


@app.task(name="templates.move_plan", pass_context=False)
def move_plan(plan_id: str) -> int:
    """The same for one list, asked for when somebody starts it."""
    return carry_out(plan_id=UUID(plan_id))
