"""Short ways to where a scenario begins."""

from bot.demo import Demo
from bot.sandbox import Message, Seat

DANA, BEN, MIRA = "U0DANA", "U0BEN", "U0MIRA"
PURPOSE = "Lead with less firefighting"


def coach(demo: Demo) -> Seat:
    return demo.sandbox.seat(DANA)


def client(demo: Demo) -> Seat:
    return demo.sandbox.seat(BEN)


async def next_day(demo: Demo) -> None:
    """Of what nobody asked for, a person gets few messages on one day: what follows would wait."""
    await demo.sandbox.move("day")


async def propose(demo: Demo, *, purpose: str = PURPOSE) -> Message:
    """Dana invites Ben; Ben's invitation."""
    dana, ben = coach(demo), client(demo)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    shares = ["prep", "commitments", "checkins"]
    assert (await dana.submit({"purpose": purpose, "role": "coach", "shares": shares})).updated
    await dana.close(everything=True)
    return await ben.wait_message(containing="would like to work with you")


async def engage(demo: Demo) -> None:
    """Dana and Ben have both signed."""
    await propose(demo)
    ben = client(demo)
    await ben.press("engagements.read")
    await ben.wait_modal("engagements.sign")
    assert (await ben.submit()).updated
    await ben.close(everything=True)
    await coach(demo).wait_message(containing="has signed")


async def plan_session(
    demo: Demo, on: str = "2026-12-01", at: str = "15:00", repeats: str = "once"
) -> Message:
    """Dana plans a session (her time); what Ben is told."""
    dana, ben = coach(demo), client(demo)
    await dana.command("/grow session")
    await dana.wait_modal()
    if dana.modal is not None and dana.modal.callback_id == "sessions.list":
        await dana.press_in_modal("sessions.plan")
        await dana.wait_modal("sessions.plan")
    last = ben.messages[-1].ts
    assert (await dana.submit({"on": on, "at": at, "repeats": repeats})).updated
    await dana.close(everything=True)
    return await ben.wait_message(last)


async def commit(seat: Seat, what: str, by: str = "friday") -> None:
    await seat.command(f"/grow commit {what}")
    await seat.wait_modal("commitments.make")
    assert (await seat.submit({"by": by})).updated
    await seat.close(everything=True)
