"""Plans the package's own Python: the image that it is taken from."""

from installer.bundle.layout import RUNTIME, folded, is_inside
from installer.errors import UsageProblem
from installer.text import _
from packager.project.project import Project
from packager.runtime.runtime_image import DEFAULT_IMAGE, NONE, reference_problem


def planned_runtime(chosen: str | None, project: Project) -> str | None:
    """Returns the image; None for a package without a Python of its own.

    The choice of the command line comes first, then `runtime:` of airlock.yml, then the default. Raises
    `UsageProblem` if it is no image, or if the project itself has something in the folder `runtime`.
    """
    image = chosen or project.settings.runtime or DEFAULT_IMAGE
    if problem := reference_problem(image):
        raise UsageProblem(f"--runtime {image}: {problem}")
    if image == NONE:
        return None
    files = project.files
    own = (*files.shipped, *files.state, *files.from_site)
    taken = [path for path in own if is_inside(folded(path), [RUNTIME])]
    if taken:
        raise UsageProblem(
            _("The project uses the folder {folder}, in which a package has its own Python.", folder=RUNTIME),
            details=taken,
            hint=_("Rename the folder, or export without a Python in the package: --runtime none"),
        )
    return image
