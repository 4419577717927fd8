//! SQLite stores instants as text with exactly six digits, so that text order is time order.

use crate::app::{
    TestApp,
    scenarios::{Scenario, delivery, person, repo},
};

#[tokio::test]
#[ignore = "needs SQLite"]
async fn every_instant_has_six_digits() {
    let app = TestApp::of_lantern().await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-02T08:00:00Z")
            .approved("2026-10-02T09:00:00Z")
            .merged("2026-10-02T10:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.deliver(&[delivery("ping", "{}")]).await;
    app.work().await;
    let columns = "SELECT t.name || ' ' || c.name AS value FROM sqlite_master t, pragma_table_info(t.name) c \
                   WHERE t.type = 'table' AND c.type LIKE 'timestamp%'";
    let columns = app.values(columns).await;
    assert!(columns.len() > 30, "{}", columns.len());
    let digits = "[0-9]";
    let second = ["DDDD-DD-DDTDD:DD:DD.DDDDDDZ".replace('D', digits)];
    for column in columns {
        let (table, column) = column.split_once(' ').expect("two names");
        let sql = format!(
            "SELECT {column} AS value FROM {table} WHERE {column} NOT GLOB '{}'",
            second[0]
        );
        assert_eq!(app.values(&sql).await, Vec::<String>::new(), "{table}.{column}");
    }
    app.finish().await;
}
