"""api.test, auth.test, team.info, emoji.list. Source: docs.slack.dev/reference/methods."""

from reconciler_slack.sandbox import representations
from reconciler_slack.sandbox.errors import Refusal
from reconciler_slack.sandbox.limits import SPECIAL
from reconciler_slack.sandbox.methods.registry import Answer, Call, Methods
from reconciler_slack.sandbox.scopes import NOTHING, both

METHODS = Methods()


@METHODS.add("api.test", 4, NOTHING, open_to_all=True)
def api_test(call: Call) -> Answer:
    """Give the arguments back; the argument ``error`` asks for that error."""
    arguments = {name: call.arguments.text(name) for name in call.arguments.values}
    shown = {"args": arguments} if arguments else {}
    if arguments.get("error"):
        raise Refusal(arguments["error"], shown)
    return shown


@METHODS.add("auth.test", SPECIAL, NOTHING)
def auth_test(call: Call) -> Answer:
    """Whose token it is, and where it is good."""
    team, user = call.store.team(), call.viewer.user
    shown = {
        "url": representations.workspace_url(team),
        "team": team["name"],
        "user": user["name"],
        "team_id": team["id"],
        "user_id": user["id"],
        "is_enterprise_install": False,
    }
    return {**shown, "bot_id": user["bot_id"]} if call.viewer.is_bot else shown


@METHODS.add("team.info", 3, both("team:read"))
def team_info(call: Call) -> Answer:
    """The workspace of the token; any other one is not found, and only an enterprise has domains."""
    team = call.store.team()
    if call.arguments.text("team", team["id"]) != team["id"]:
        raise Refusal("team_not_found")
    if call.arguments.text("domain"):
        raise Refusal("team_not_on_enterprise")
    return {"team": representations.team(team)}


@METHODS.add("emoji.list", 2, both("emoji:read"), takes_json=False)
def emoji_list(call: Call) -> Answer:
    """Custom emoji by name."""
    emoji = {found["name"]: found["url"] for found in call.store.find("emoji")}
    shown: Answer = {"emoji": emoji, "cache_ts": f"{call.store.now()}.000000"}
    if call.arguments.boolean("include_categories"):
        shown |= {"categories_version": "1", "categories": []}
    return shown
