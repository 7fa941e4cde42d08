"""What is there before anybody has done anything: a workspace, its people, an app, and two channels."""

from reconciler_slack.sandbox.domain.channels import add_members, create_channel
from reconciler_slack.sandbox.domain.people import create_bot, create_token, create_user
from reconciler_slack.sandbox.store import Store

TEAM = "acme"
OWNER = "owner"
MEMBERS = ("alice", "bob", "carol")
BOT = "reconciler"
TOKEN = "xoxb-slack-sandbox-bot"  # noqa: S105 (it opens nothing but the sandbox)
USER_TOKEN = "xoxp-slack-sandbox-user"  # noqa: S105 (as above)
GENERAL, RANDOM = "general", "random"
_SLACKBOT = "USLACKBOT"


def begin(store: Store) -> None:
    """Make the first world, unless the store has one already."""
    with store.world.transaction():
        if store.count("team"):
            return
        team_id = store.new_id("team")
        team = {
            "id": team_id,
            "name": TEAM,
            "domain": TEAM,
            "email_domain": "example.com",
            "plan": "std",
            "usergroups_managed_by": "everyone",
        }
        store.put("team", team_id, team)
        create_user(store, "slackbot", {"email": None, "real_name": "Slackbot"}, _SLACKBOT)
        owner = create_user(store, OWNER, {"role": "primary_owner"})
        people = [owner, *(create_user(store, name, {}) for name in MEMBERS)]
        bot = create_bot(store, BOT, BOT.title())
        create_token(store, TOKEN, bot, bot["app_id"])
        create_token(store, USER_TOKEN, owner, bot["app_id"])
        for name in (GENERAL, RANDOM):
            channel = create_channel(store, owner["id"], name)
            channel["is_general"] = name == GENERAL
            add_members(store, channel, [user["id"] for user in people])
