//! The data that withdrawal and erasure leave of a person in a season.

use super::{merged, october};
use crate::app::TestApp;

#[tokio::test]
async fn an_export_names_registrations_and_sanctions() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    app.disqualifies("wren-oak", false).await;
    let person = app.user_id_of("wren-oak").await;
    let exported = contributions::reads::export(&app.context().db, person).await;
    let exported = exported.expect("exported");
    assert_eq!(exported["seasons"][0]["season"], "autumn");
    assert_eq!(exported["sanctions"][0]["reason"], "Spam");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn an_erased_person_stays_as_a_number() {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    app.browser_of("wren-oak").await;
    app.registers("wren-oak").await;
    let pull = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&pull]).await;
    app.disqualifies("wren-oak", true).await;
    let person = app.user_id_of("wren-oak").await;
    let tx = app.context().begin().await.expect("a transaction");
    contributions::actions::erase(&tx, person).await.expect("erased");
    tx.commit().await.expect("committed");
    for (sql, expected) in [
        (
            "SELECT count(*) FROM season_participants WHERE withdrawn_at IS NOT NULL AND timezone = 'UTC' AND NOT shares_email",
            1,
        ),
        ("SELECT count(*) FROM sanctions WHERE reason = '' AND lift_reason IS NULL", 1),
    ] {
        assert_eq!(app.count(sql).await, expected, "{sql}");
    }
    app.work().await;
    app.abandon().await;
}
