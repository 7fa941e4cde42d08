"""Slack's resource types, one module each."""

from collections.abc import Mapping

from reconciler_slack.resources import bookmark, channel, channel_members, looked_up, usergroup
from reconciler_slack.resources.kind import DataKind, Kind

KINDS: Mapping[str, Kind] = {
    kind.type: kind for kind in (channel.KIND, channel_members.KIND, usergroup.KIND, bookmark.KIND)
}

DATA_KINDS: Mapping[str, DataKind] = {kind.type: kind for kind in looked_up.KINDS}
