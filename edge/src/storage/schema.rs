//! The tables and indexes of one page.

/// The statements that create the tables and indexes. The ledger runs them at each start; repeating one changes nothing.
pub(super) const SCHEMA: [&str; 35] = [
    "CREATE TABLE IF NOT EXISTS log (version INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, at INTEGER NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, events TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS entity (kind TEXT NOT NULL, id TEXT NOT NULL, live INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS entity_live ON entity (kind) WHERE live = 1",
    "CREATE TABLE IF NOT EXISTS entry (kind TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id, number)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS component_state (component TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS component_state_at ON component_state (component, at)",
    "CREATE INDEX IF NOT EXISTS incident_updated ON entity (json_extract(json, '$.updated_at')) WHERE kind = 'incident'",
    "CREATE INDEX IF NOT EXISTS change_kind ON entity (json_extract(json, '$.change.kind')) WHERE kind = 'maintenance'",
    "CREATE INDEX IF NOT EXISTS followup_incident ON entity (json_extract(json, '$.incident')) WHERE kind = 'followup'",
    "CREATE TABLE IF NOT EXISTS accepted (name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, version INTEGER NOT NULL, answer TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS accepted_expires ON accepted (expires_at)",
    "CREATE TABLE IF NOT EXISTS epoch (id TEXT NOT NULL)",
    // The page's own name in feeds and in Statuspage's API: made with the storage, because the object's id may be that of many pages.
    // Storage of an earlier program has an epoch and no name, and goes on with the object's id: so the name comes before the epoch.
    "CREATE TABLE IF NOT EXISTS page_name (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL)",
    "INSERT OR IGNORE INTO page_name (id, name) SELECT 1, lower(hex(randomblob(6))) WHERE NOT EXISTS (SELECT 1 FROM epoch)",
    // The epoch: made with the storage, so that a version of another storage is not taken for one of this.
    "INSERT INTO epoch (id) SELECT lower(hex(randomblob(8))) WHERE NOT EXISTS (SELECT 1 FROM epoch)",
    // Indexes for the history, the post-mortems and the feeds.
    "CREATE INDEX IF NOT EXISTS entity_start ON entity (coalesce(json_extract(json, '$.started_at'), json_extract(json, '$.completed_at'), CASE WHEN json_extract(json, '$.status') IN ('in_progress', 'verifying') THEN json_extract(json, '$.updated_at') END, json_extract(json, '$.scheduled_for')), kind) WHERE kind IN ('incident', 'maintenance')",
    "CREATE INDEX IF NOT EXISTS entity_ended ON entity (coalesce(json_extract(json, '$.resolved_at'), json_extract(json, '$.completed_at'))) WHERE kind IN ('incident', 'maintenance')",
    "CREATE INDEX IF NOT EXISTS postmortem_updated ON entity (json_extract(json, '$.updated_at')) WHERE kind = 'postmortem'",
    "CREATE INDEX IF NOT EXISTS entry_at ON entry (json_extract(json, '$.at'))",
    "CREATE INDEX IF NOT EXISTS component_state_time ON component_state (at)",
    // Derived from the tables above: rows may be deleted at any time.
    "CREATE TABLE IF NOT EXISTS uptime_sum (start INTEGER PRIMARY KEY, until INTEGER NOT NULL, lost TEXT NOT NULL)",
    // The newest version that they know of, by which a start notices that an earlier program has written meanwhile.
    "CREATE TABLE IF NOT EXISTS derived_at (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS incident_measure (id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID",
    // A restore that is under way, and where the page comes from if it was restored.
    "CREATE TABLE IF NOT EXISTS restore (id INTEGER PRIMARY KEY CHECK (id = 1), manifest TEXT NOT NULL, page_id TEXT NOT NULL, next INTEGER NOT NULL, version INTEGER NOT NULL, running TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS origin (id INTEGER PRIMARY KEY CHECK (id = 1), page_id TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL)",
    // A standby, and what changed in the page that it follows, until all of it is there.
    "CREATE TABLE IF NOT EXISTS standby (id INTEGER PRIMARY KEY CHECK (id = 1), confirmed_at INTEGER NOT NULL, promoted_at INTEGER, promoted_version INTEGER)",
    // The epoch that a promoted standby had until then: the one of the page that it followed.
    "CREATE TABLE IF NOT EXISTS followed (id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS staged (at INTEGER PRIMARY KEY, part TEXT NOT NULL)",
    // The newest exports, those that are stored safely, and where the log begins because of one.
    "CREATE TABLE IF NOT EXISTS export (sha256 TEXT PRIMARY KEY, version INTEGER NOT NULL, ended_at INTEGER NOT NULL, confirmed_at INTEGER) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS trimmed (id INTEGER PRIMARY KEY CHECK (id = 1), first INTEGER NOT NULL, version INTEGER NOT NULL, sha256 TEXT NOT NULL, confirmed_at INTEGER NOT NULL)",
    // What each mirror holds, and which languages are put there. Without a row, everything is put again.
    "CREATE TABLE IF NOT EXISTS mirror (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS language (tag TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
    // An earlier version stored rendered documents in these.
    "DROP TABLE IF EXISTS edition",
    "DROP TABLE IF EXISTS meta",
    // An earlier version took the planned start for the real one.
    "DROP INDEX IF EXISTS entity_began",
];
