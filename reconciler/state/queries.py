"""The longer questions that the ledger asks its file."""

OBJECTS = (
    "SELECT address, object FROM version INDEXED BY latest_version "
    "WHERE to_serial IS NULL AND object IS NOT NULL ORDER BY address"
)
OBJECTS_AT = (
    "SELECT from_serial, address, waits_for, object, checksum FROM version WHERE from_serial <= :serial "
    "AND (to_serial IS NULL OR to_serial > :serial) AND object IS NOT NULL ORDER BY address"
)
# What its address had later is followed from version to version: the object may be ours again since.
RELEASED = """
    WITH RECURSIVE later (gone, id, next) AS (
        SELECT gone.from_serial, json_extract(before.object, '$.id'), gone.to_serial
        FROM version AS gone INDEXED BY gone_version
        JOIN version AS before ON before.to_serial = gone.from_serial
        WHERE gone.object IS NULL AND gone.action NOT IN ('delete', 'move') AND before.object IS NOT NULL
        UNION ALL
        SELECT gone, id, to_serial FROM later JOIN version ON from_serial = next
        WHERE object IS NULL OR json_extract(object, '$.id') <> id)
    SELECT address, object FROM later JOIN version ON to_serial = gone WHERE next IS NULL
    ORDER BY address, gone"""
ADOPTED = (
    "SELECT address, object FROM version WHERE from_serial > ? AND action IN ('adopt', 'import') "
    "AND object IS NOT NULL ORDER BY from_serial"
)
EARLIER = (
    "SELECT old.address, old.object FROM version AS new JOIN version AS old ON old.address = new.address "
    "AND old.from_serial < new.from_serial WHERE new.from_serial > ? AND new.action IN ('adopt', 'import') "
    "AND old.object IS NOT NULL"
)
END_RUN = """
    UPDATE run SET outcome = ?, ended = ?, to_serial = max(from_serial, coalesce((
        SELECT max(version.from_serial) FROM version
        WHERE version.from_serial > run.from_serial AND version.run = run.id), 0))
    WHERE id = ?"""
