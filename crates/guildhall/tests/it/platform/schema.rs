//! Both engines have the same schema: each is compared with the same text.

use platform::db::Engine;

use crate::app::TestApp;

const SQLITE: &str = "\
SELECT t.name || '.' || c.name || ' ' || lower(c.type) || \
  CASE WHEN c.\"notnull\" OR c.pk > 0 THEN '' ELSE ' null' END || \
  CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END AS value \
FROM sqlite_master t, pragma_table_xinfo(t.name) c \
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.hidden <> 1 \
UNION ALL \
SELECT t.name || ' ' || CASE WHEN i.\"unique\" THEN 'unique' ELSE 'index' END || ' (' || \
  (SELECT group_concat(coalesce(k.name, 'expression'), ', ' ORDER BY k.seqno) FROM pragma_index_info(i.name) k) || ')' || \
  CASE WHEN i.partial THEN ' partial' ELSE '' END \
FROM sqlite_master t, pragma_index_list(t.name) i \
WHERE t.type = 'table' AND i.origin <> 'pk' \
UNION ALL \
SELECT t.name || ' refers ' || f.\"from\" || ' to ' || f.\"table\" || ' ' || lower(f.on_delete) \
FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";

const POSTGRES: &str = "\
SELECT c.table_name || '.' || c.column_name || ' ' || c.udt_name || \
  CASE WHEN c.is_nullable = 'YES' THEN ' null' ELSE '' END || \
  coalesce(' key ' || (1 + array_position(i.indkey::int2[], a.attnum)), '') AS value \
FROM information_schema.columns c \
JOIN pg_attribute a ON a.attrelid = c.table_name::regclass AND a.attname = c.column_name \
LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
WHERE c.table_schema = 'public' \
UNION ALL \
SELECT t.relname || ' ' || CASE WHEN i.indisunique THEN 'unique' ELSE 'index' END || ' (' || \
  (SELECT string_agg(coalesce(a.attname, 'expression'), ', ' ORDER BY k.place) \
   FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place) \
   LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) || ')' || \
  CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END \
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid \
WHERE t.relnamespace = 'public'::regnamespace AND NOT i.indisprimary \
UNION ALL \
SELECT t.relname || ' refers ' || a.attname || ' to ' || f.confrelid::regclass || ' ' || \
  CASE f.confdeltype WHEN 'r' THEN 'restrict' ELSE f.confdeltype::text END \
FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid \
JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] \
WHERE f.contype = 'f' AND t.relnamespace = 'public'::regnamespace";

/// Each engine's name for a type of column, with the name used here.
const KINDS: [(&str, &str); 16] = [
    ("uuid_text", "uuid"),
    ("uuid", "uuid"),
    ("bigint", "int"),
    ("int8", "int"),
    ("varchar", "text"),
    ("text", "text"),
    ("timestamp_with_timezone_text", "instant"),
    ("timestamptz", "instant"),
    ("blob", "bytes"),
    ("bytea", "bytes"),
    ("boolean", "truth"),
    ("bool", "truth"),
    ("integer", "int"),
    ("int4", "int"),
    ("real", "real"),
    ("float8", "real"),
];

/// Returns a line with the common name of the column's type.
fn spelled(line: &str) -> String {
    let (Some((column, rest)), true) = (line.split_once(' '), line.contains('.')) else {
        return line.to_owned();
    };
    let (kind, rest) = rest.split_once(' ').map_or((rest, ""), |(kind, rest)| (kind, rest));
    let found = KINDS.iter().find(|(theirs, _)| *theirs == kind);
    let (_, ours) = found.unwrap_or_else(|| panic!("{line}: '{kind}' is no known kind"));
    format!("{column} {ours} {rest}").trim_end().to_owned()
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    let app = TestApp::start().await;
    let sql = match app.context().db.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let mut lines: Vec<String> = app
        .values(sql)
        .await
        .iter()
        .filter(|line| !line.starts_with("schema_migrations"))
        .map(|line| spelled(line))
        .collect();
    lines.sort_unstable();
    let is = lines.join("\n") + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/platform/schema.txt");
        std::fs::write(path, &is).expect("written");
    }
    let expected = include_str!("schema.txt");
    for line in is.lines().filter(|line| !expected.lines().any(|other| other == *line)) {
        println!("+ {line}");
    }
    for line in expected.lines().filter(|line| !is.lines().any(|other| other == *line)) {
        println!("- {line}");
    }
    assert!(is == expected, "the schema differs; UPDATE_SCHEMA=1 rewrites schema.txt");
    app.finish().await;
}
