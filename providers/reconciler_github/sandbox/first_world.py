"""What is there before anybody has done anything: one organisation, its people, and tokens."""

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.accounts import create_account, create_token, set_membership
from reconciler_github.sandbox.store import Store

OWNER = "acme"
ADMIN = "octo-admin"
MEMBERS = ("octo-alice", "octo-bob")
OUTSIDER = "octo-carol"
TOKEN = "github-sandbox-token"  # noqa: S105 (it opens nothing but the sandbox)
READ_ONLY_TOKEN = "github-sandbox-token-without-scopes"  # noqa: S105 (as above)


def begin(store: Store) -> None:
    """Make the first world, unless the store has one already."""
    with store.world.transaction():
        if store.count("account"):
            return
        admin = create_account(store, "User", ADMIN, {"name": "Octo Admin", "email": "admin@acme.example"})
        create_token(store, TOKEN, admin)
        create_token(store, READ_ONLY_TOKEN, admin, ())
        for login in (*MEMBERS, OUTSIDER):
            name = login.replace("-", " ").title()
            create_account(store, "User", login, {"name": name, "email": f"{login}@acme.example"})
        organisation = ensure_organisation(store, OWNER)
        for login in MEMBERS:
            set_membership(store, organisation, require_user(store, login), "member")


def ensure_organisation(store: Store, login: str) -> Document:
    """The organisation of this login, made if it is missing, with the token's owner as an owner of it.

    Raises ``ValueError`` if a user has the login.
    """
    organisation = store.account(login, "Organization")
    if organisation is None:
        organisation = create_account(store, "Organization", login)
    admin = require_user(store, ADMIN)
    if store.get("membership", f"{organisation['id']}:{admin['id']}") is None:
        set_membership(store, organisation, admin, "admin")
    return organisation


def require_user(store: Store, login: str) -> Document:
    """The user of this login; raises ``LookupError`` if there is none."""
    user = store.account(login, "User")
    if user is None:
        raise LookupError(f"there is no user {login}")
    return user
