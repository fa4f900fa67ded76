"""The commands of the pages that no test runs, each with the reason."""

_SUITE = "It runs the suite that this test is a part of."
_DOCKER = "It needs Docker."
_INDEX = "It needs the package index; tests reach nothing but this machine."
_ROOT = "It needs root and systemd."

NOT_RUN = {
    "make test": _SUITE,
}
