"""The last words of an import: where the application answers, and what to type from now on."""

from collections.abc import Iterator

from installer.console import Console
from installer.operations.import_plan import Situation
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
    if plan.previous is not None:
        console.say(_("The old directory {directory} was kept.", directory=plan.previous.directory))
    places = lasting_places(situation)
    if places:
        console.say(
            _("To go back later, you would need your own copies of: {places}", places=", ".join(places))
        )


def _addresses(situation: Situation) -> Iterator[str]:
    for service in situation.model.services.values():
        for port in service.ports:
            if port.published and port.protocol == "tcp":
                host = port.host_ip if port.host_ip not in ("", "0.0.0.0", "::") else "localhost"
                yield f"{service.name}: {host}:{port.published}"
