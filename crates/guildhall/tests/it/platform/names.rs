//! Conditions on names, in which no character is a wildcard.

use platform::db::{Cell, Sql as _, begins_with, ends_with};

use crate::app::TestApp;

#[tokio::test]
async fn no_character_of_a_name_is_a_wildcard() {
    let app = TestApp::start().await;
    let db = &app.context().db;
    for (column, part, expected) in [
        ("octo_org/a_b#1", "octo_org/a_b#", "begins contains"),
        ("octo-org/a-b#1", "octo_org/a_b#", ""),
        ("octo-org/a-b#1", "%", ""),
        ("a%b", "%B", "ends contains"),
        ("a\\b", "\\", "contains"),
        ("Wren_Oak", "wren_oak", "begins ends contains"),
        ("wren", "wren-oak", ""),
        ("a", "", "begins ends contains"),
    ] {
        let holds = async |condition: String| {
            let sql = format!(
                "SELECT count(*) FROM (SELECT CAST($1 AS text) AS a, CAST($2 AS text) AS b) n WHERE {condition}"
            );
            let values: [Cell; 2] = [column.into(), part.into()];
            db.count(db.statement(&sql, values)).await.expect("counted") == 1
        };
        let mut found = Vec::new();
        for (name, condition) in [
            ("begins", begins_with("a", "b")),
            ("ends", ends_with("a", "b")),
            ("contains", db.engine().contains("a", "b")),
        ] {
            if holds(condition).await {
                found.push(name);
            }
        }
        assert_eq!(found.join(" "), expected, "{column} and {part}");
    }
    app.finish().await;
}
