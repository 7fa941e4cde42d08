"""All codes that there are, by the service whose errors they are."""

from collections.abc import Mapping

import reconciler_anykrowd.codes
import reconciler_github.codes
import reconciler_notion.codes
import reconciler_slack.codes
from reconciler import codes

BY_SERVICE: Mapping[str, Mapping[str, str]] = {
    "core": codes.CODES,
    "slack": reconciler_slack.codes.CODES,
    "notion": reconciler_notion.codes.CODES,
    "github": reconciler_github.codes.CODES,
    "anykrowd": reconciler_anykrowd.codes.CODES,
}
CODES: Mapping[str, str] = {code: title for known in BY_SERVICE.values() for code, title in known.items()}
