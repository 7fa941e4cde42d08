"""A replacement whose new name is an object that we once let go of takes that object back."""

from tests.command_line import CommandLine

STAFF = "resources/anykrowd.yaml"


def test_a_person_who_was_replaced_by_another_comes_back(testx: CommandLine) -> None:
    assert testx.sandbox("apply", "--auto-approve").code == 0
    before = (testx.directory / STAFF).read_text(encoding="utf-8")
    testx.write(before.replace("external_id: testx-manager", "external_id: testx-boss"), STAFF)
    assert testx.sandbox("apply", "--auto-approve").code == 0
    back = testx.sandbox("rollback", "--auto-approve")
    assert back.code == 0, back.out
    testx.write(before, STAFF)
    assert testx.sandbox("plan", "--detailed-exitcode").code == 0
    people = testx.sandbox("sandbox", "show", "anykrowd", "--json").document["anykrowd"]
    with_roles = [
        person["external_id"]
        for kind in people.values()
        for person in kind
        if person.get("roles") and str(person.get("external_id", "")).startswith("testx")
    ]
    assert sorted(with_roles) == ["testx-manager", "testx-scanner"]
