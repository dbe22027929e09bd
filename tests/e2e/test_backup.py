"""A server is moved in the middle of a show: backed up, restored, played on."""

from pathlib import Path

from quizserver.rehearsal.calls import Caller
from tests.server import ServerProcess

PACK = "cchc-2023-so-1"
CONSENT = {"version": "1", "play": True, "show_name": True, "contact": False}


async def test_a_show_goes_on_from_its_backup_on_another_machine(
    tmp_path: Path,
) -> None:
    first, second = ServerProcess(tmp_path / "one"), ServerProcess(tmp_path / "two")
    try:
        await first.start()
        await first.run("show", "create", "CCHC1", "--pack", PACK)
        host = await first.token("host", "CCHC1")
        async with Caller(first.address, host) as caller:
            for ref, command in enumerate(("open_lobby", "ask")):
                body = {"command": command, "ref": f"r{ref}"}
                await caller.post("/api/shows/CCHC1/commands", body)
        async with Caller(first.address) as phone:
            person = {"name": "Nguyễn Thị Thử", "consent": CONSENT}
            seat = await phone.post("/api/shows/CCHC1/participants", person)
        archive = tmp_path / "show.tar"
        await first.run("backup", "--out", str(archive))
        first.kill()

        folder = tmp_path / "two" / "data"
        await second.run("restore", str(archive), "--data-dir", str(folder))
        await second.start()
        async with Caller(second.address, seat["token"]) as phone:
            state = await phone.get("/api/phone/state")
        async with Caller(second.address, host) as caller:
            said = await caller.post(
                "/api/shows/CCHC1/commands", {"command": "open", "ref": "r9"}
            )
    finally:
        first.kill()
        second.kill()
    assert state["phase"] == "asked"
    assert state["question"]["number"] == 1
    assert said["phase"] == "asked"
