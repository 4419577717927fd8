//! Conditions on names, in which no character is a wildcard.

use platform::{
    db::{Query, Sql as _, ascii_lower, begins_with, ends_with},
    folded::FoldedText,
};

use crate::app::TestApp;

/// Writes the SQL of a condition and binds what it takes.
type Condition<'a> = &'a dyn Fn(&mut Query) -> String;

#[tokio::test]
async fn no_character_of_a_name_is_a_wildcard() {
    let app = TestApp::start().await;
    let db = &app.context().db;
    for (column, typed, expected) in [
        ("octo_org/a_b#1", "octo_org/a_b#", "begins contains words"),
        ("octo-org/a-b#1", "octo_org/a_b#", ""),
        ("octo-org/a-b#1", "%", ""),
        ("a%b", "%B", "ends contains words"),
        ("a\\b", "\\", "contains words"),
        ("Wren_Oak", "wren_oak", "begins ends contains words"),
        ("wren", "wren-oak", ""),
        ("a", "", "begins ends contains words"),
        // Only texts that were folded contain one that is.
        ("Größe", "größe", "begins ends words"),
    ] {
        let holds = async |condition: Condition<'_>| {
            let mut query = db.query();
            let (a, b) = (query.bind(column), query.bind(typed));
            let condition = condition(&mut query);
            let sql = format!(
                "SELECT count(*) FROM (SELECT CAST({a} AS text) AS a, CAST({b} AS text) AS b) n WHERE {condition}"
            );
            db.count(query.statement(sql)).await.expect("counted") == 1
        };
        let part = FoldedText::of(typed);
        let conditions: [(&str, Condition<'_>); 4] = [
            ("begins", &|_| begins_with("a", "b")),
            ("ends", &|_| ends_with("a", "b")),
            ("contains", &|query| query.contains(&ascii_lower("a"), &part)),
            ("words", &|query| query.contains_words("a", typed)),
        ];
        let mut found = Vec::new();
        for (name, condition) in conditions {
            if holds(condition).await {
                found.push(name);
            }
        }
        assert_eq!(found.join(" "), expected, "{column} and {typed}");
    }
    app.finish().await;
}
