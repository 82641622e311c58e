"""The last words of an import: where the application answers, and what to type from now on."""

from collections.abc import Iterator

from installer.console import Console
from installer.operations.import_plan import Situation, Snapshot
from installer.operations.lasting import lasting_places
from installer.text import _


def closing_words(situation: Situation, console: Console) -> None:
    """Tell addresses and useful commands."""
    application, plan = situation.manifest.application, situation.plan
    console.say()
    console.say(_("{title} {version} is in operation.", title=application.title, version=application.version))
    for address in _addresses(situation):
        console.say(f"  {address}")
    console.say(_("Its directory is now {directory}. Useful there:", directory=plan.release))
    console.say("  docker compose ps")
    console.say("  docker compose logs --tail 50")
    console.say("  ./airlock migrate status")
    console.say("  ./airlock backup")
    for line in _way_back(situation):
        console.say(line)


def _way_back(situation: Situation) -> Iterator[str]:
    plan = situation.plan
    if plan.previous is None:
        return
    version = plan.previous.version or _("(version unknown)")
    yield "  ./airlock rollback"
    yield _(
        "The last one goes back to {version}; for that, keep {directory}.",
        version=version,
        directory=plan.previous.directory,
    )
    if plan.snapshot is not None:
        yield from _snapshot(plan.snapshot)
    places = lasting_places(situation)
    if places:
        yield _("Going back does not undo what is changed in: {places}", places=", ".join(places))


def _snapshot(snapshot: Snapshot) -> Iterator[str]:
    yield _("Keep also the copy of the database's files: {path}", path=snapshot.holder)
    if snapshot.volume is not None:
        yield _("When you will not go back any more: docker volume rm {name}", name=snapshot.volume)


def _addresses(situation: Situation) -> Iterator[str]:
    for service in situation.model.services.values():
        for port in service.ports:
            if port.published and port.protocol == "tcp":
                host = port.host_ip if port.host_ip not in ("", "0.0.0.0", "::") else "localhost"
                yield f"{service.name}: {host}:{port.published}"
