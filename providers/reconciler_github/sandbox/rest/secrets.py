"""Secrets and variables for Actions, of repositories and organisations.

Sources: docs.github.com/en/rest/actions/secrets and /actions/variables (30 secrets, but 10 variables a page).
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.sealed import check_name, public_key, put_secret
from reconciler_github.sandbox.errors import Refusal, invalid_request, not_found
from reconciler_github.sandbox.fields import Spec, checked
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, created, no_content, ok, page

ROUTES = Routes()

_REPOSITORY = "/repos/{owner}/{repo}/actions"
_ORGANISATION = "/orgs/{org}/actions"
_VISIBILITIES = ("all", "private", "selected")
_SECRET: Spec = {"encrypted_value": "string", "key_id": "string"}
_ACCESS: Spec = {"visibility": _VISIBILITIES, "selected_repository_ids": "array"}
_VARIABLE: Spec = {"name": "string", "value": "string"}
_VARIABLES_PER_PAGE, _MOST_VARIABLES_PER_PAGE = 10, 30


@ROUTES.add("GET", f"{_REPOSITORY}/secrets")
def list_of_repository(call: Call, owner: str, repo: str) -> Answer:
    """The names of a repository's secrets."""
    return page(call, _all(call, "secret", _scope(call, owner, repo)), _shown, within="secrets")


@ROUTES.add("GET", f"{_REPOSITORY}/secrets/public-key")
def key_of_repository(call: Call, owner: str, repo: str) -> Answer:
    """The key that seals a repository's secrets."""
    return _key(_scope(call, owner, repo))


@ROUTES.add("GET", f"{_REPOSITORY}/secrets/{{secret_name}}")
def get_of_repository(call: Call, owner: str, repo: str, secret_name: str) -> Answer:
    """One secret's name and times."""
    return ok(_shown(_one(call, "secret", _scope(call, owner, repo), secret_name)))


@ROUTES.add("PUT", f"{_REPOSITORY}/secrets/{{secret_name}}")
def put_of_repository(call: Call, owner: str, repo: str, secret_name: str) -> Answer:
    """Store a secret: 201 if it is new, 204 if not."""
    scope = _scope(call, owner, repo, write=True)
    body = checked(call.body(), _SECRET, ["encrypted_value", "key_id"])
    is_new = put_secret(call.store, scope, secret_name, body["encrypted_value"], body["key_id"])
    return created({}) if is_new else no_content()


@ROUTES.add("DELETE", f"{_REPOSITORY}/secrets/{{secret_name}}")
def delete_of_repository(call: Call, owner: str, repo: str, secret_name: str) -> Answer:
    """Remove a secret."""
    return _delete(call, "secret", _scope(call, owner, repo, write=True), secret_name)


@ROUTES.add("GET", f"{_ORGANISATION}/secrets")
def list_of_organisation(call: Call, org: str) -> Answer:
    """The names of an organisation's secrets."""
    found = _all(call, "secret", _organisation_scope(call, org))
    return page(
        call, found, lambda each: _shown_of_organisation(call, org, each, "secrets"), within="secrets"
    )


@ROUTES.add("GET", f"{_ORGANISATION}/secrets/public-key")
def key_of_organisation(call: Call, org: str) -> Answer:
    """The key that seals an organisation's secrets."""
    return _key(_organisation_scope(call, org))


@ROUTES.add("GET", f"{_ORGANISATION}/secrets/{{secret_name}}")
def get_of_organisation(call: Call, org: str, secret_name: str) -> Answer:
    """One secret's name, times and visibility."""
    found = _one(call, "secret", _organisation_scope(call, org), secret_name)
    return ok(_shown_of_organisation(call, org, found, "secrets"))


@ROUTES.add("PUT", f"{_ORGANISATION}/secrets/{{secret_name}}")
def put_of_organisation(call: Call, org: str, secret_name: str) -> Answer:
    """Store an organisation's secret, and say which repositories may use it."""
    scope = _organisation_scope(call, org)
    required = ["encrypted_value", "key_id", "visibility"]
    body = checked(call.body(), {**_SECRET, **_ACCESS}, required)
    access = _access(body)
    is_new = put_secret(call.store, scope, secret_name, body["encrypted_value"], body["key_id"], access)
    return created({}) if is_new else no_content()


@ROUTES.add("DELETE", f"{_ORGANISATION}/secrets/{{secret_name}}")
def delete_of_organisation(call: Call, org: str, secret_name: str) -> Answer:
    """Remove an organisation's secret."""
    return _delete(call, "secret", _organisation_scope(call, org), secret_name)


@ROUTES.add("GET", f"{_REPOSITORY}/variables")
def list_variables(call: Call, owner: str, repo: str) -> Answer:
    """A repository's variables, 10 a page unless told otherwise and 30 at most."""
    found = _all(call, "variable", _scope(call, owner, repo))
    return page(call, found, _shown, "variables", _VARIABLES_PER_PAGE, _MOST_VARIABLES_PER_PAGE)


@ROUTES.add("POST", f"{_REPOSITORY}/variables")
def create_variable(call: Call, owner: str, repo: str) -> Answer:
    """A new variable."""
    return _create_variable(call, _scope(call, owner, repo, write=True), {})


@ROUTES.add("GET", f"{_REPOSITORY}/variables/{{name}}")
def get_variable(call: Call, owner: str, repo: str, name: str) -> Answer:
    """One variable."""
    return ok(_shown(_one(call, "variable", _scope(call, owner, repo), name)))


@ROUTES.add("PATCH", f"{_REPOSITORY}/variables/{{name}}")
def update_variable(call: Call, owner: str, repo: str, name: str) -> Answer:
    """Change a variable's value or name."""
    return _update_variable(call, _scope(call, owner, repo, write=True), name, {})


@ROUTES.add("DELETE", f"{_REPOSITORY}/variables/{{name}}")
def delete_variable(call: Call, owner: str, repo: str, name: str) -> Answer:
    """Remove a variable."""
    return _delete(call, "variable", _scope(call, owner, repo, write=True), name)


@ROUTES.add("GET", f"{_ORGANISATION}/variables")
def list_variables_of_organisation(call: Call, org: str) -> Answer:
    """An organisation's variables."""
    found = _all(call, "variable", _organisation_scope(call, org))

    def show(each: Document) -> dict[str, Any]:
        return _shown_of_organisation(call, org, each, "variables")

    return page(call, found, show, "variables", _VARIABLES_PER_PAGE, _MOST_VARIABLES_PER_PAGE)


@ROUTES.add("POST", f"{_ORGANISATION}/variables")
def create_variable_of_organisation(call: Call, org: str) -> Answer:
    """A new variable of an organisation."""
    scope = _organisation_scope(call, org)
    return _create_variable(call, scope, _access(checked(call.body(), _ACCESS, ["visibility"])))


@ROUTES.add("GET", f"{_ORGANISATION}/variables/{{name}}")
def get_variable_of_organisation(call: Call, org: str, name: str) -> Answer:
    """One variable of an organisation."""
    found = _one(call, "variable", _organisation_scope(call, org), name)
    return ok(_shown_of_organisation(call, org, found, "variables"))


@ROUTES.add("PATCH", f"{_ORGANISATION}/variables/{{name}}")
def update_variable_of_organisation(call: Call, org: str, name: str) -> Answer:
    """Change an organisation's variable."""
    access = checked(call.body(), _ACCESS)
    return _update_variable(call, _organisation_scope(call, org), name, _access(access) if access else {})


@ROUTES.add("DELETE", f"{_ORGANISATION}/variables/{{name}}")
def delete_variable_of_organisation(call: Call, org: str, name: str) -> Answer:
    """Remove an organisation's variable."""
    return _delete(call, "variable", _organisation_scope(call, org), name)


def _scope(call: Call, owner: str, repo: str, write: bool = False) -> str:
    """Secrets are for those who may push."""
    return f"repository:{call.repository(owner, repo, 'push', write)['id']}"


def _organisation_scope(call: Call, org: str) -> str:
    organisation = call.organisation(org)
    call.viewer.require_organisation_admin(organisation)
    return f"organization:{organisation['id']}"


def _all(call: Call, kind: str, scope: str) -> list[Document]:
    return sorted(call.store.find(kind, scope=scope), key=lambda each: str(each["name"]))


def _one(call: Call, kind: str, scope: str, name: str) -> Document:
    found = call.store.get(kind, f"{scope}:{name.upper()}")
    if found is None:
        raise not_found()
    return found


def _key(scope: str) -> Answer:
    key_id, key = public_key(scope)
    return ok({"key_id": key_id, "key": key})


def _delete(call: Call, kind: str, scope: str, name: str) -> Answer:
    if not call.store.delete(kind, f"{scope}:{name.upper()}"):
        raise not_found()
    return no_content()


def _create_variable(call: Call, scope: str, access: Document) -> Answer:
    body = checked(call.body(), _VARIABLE, ["name", "value"])
    check_name(body["name"], "Variable")
    key = f"{scope}:{body['name'].upper()}"
    if call.store.get("variable", key) is not None:
        raise Refusal(409, "Already exists - Variable already exists")
    now = call.store.now()
    variable = {"scope": scope, "name": body["name"].upper(), "value": body["value"], **access}
    call.store.put("variable", key, {**variable, "created_at": now, "updated_at": now})
    return created({})


def _update_variable(call: Call, scope: str, name: str, access: Document) -> Answer:
    before = _one(call, "variable", scope, name)
    body = checked(call.body(), _VARIABLE)
    after = {**before, **access, **body, "updated_at": call.store.now()}
    after["name"] = after["name"].upper()
    check_name(after["name"], "Variable")
    call.store.delete("variable", f"{scope}:{before['name']}")
    call.store.put("variable", f"{scope}:{after['name']}", after)
    return no_content()


def _access(body: dict[str, Any]) -> dict[str, Any]:
    selected = body.get("selected_repository_ids", [])
    visibility = body.get("visibility", "selected")
    if selected and visibility != "selected":
        raise invalid_request('"selected_repository_ids" is only for the visibility "selected".')
    return {"visibility": visibility, "selected_repository_ids": selected}


def _shown(document: Document) -> dict[str, Any]:
    return {key: document[key] for key in ("name", "value", "created_at", "updated_at") if key in document}


def _shown_of_organisation(call: Call, org: str, document: Document, kind: str) -> dict[str, Any]:
    shown = {**_shown(document), "visibility": document["visibility"]}
    if document["visibility"] == "selected":
        url = f"{call.api}/orgs/{org}/actions/{kind}/{document['name']}/repositories"
        shown["selected_repositories_url"] = url
    return shown
