//! Erasing a person keeps their badges without what admins wrote about them.

use guildhall::{MODULES, privacy};
use platform::audit::Actor::Operator;
use recognition::{actions::award_badge, rules::badges::Criteria};

use super::merged;
use crate::app::TestApp;

#[tokio::test]
async fn an_erased_person_is_no_public_holder_and_reasons_are_gone() {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    app.badge("helper", Criteria::Manual).await;
    award_badge(app.context(), Operator, "helper", "hexacat", "Dear hexacat")
        .await
        .expect("awarded");
    app.work().await;
    let export = privacy_export(&app).await;
    assert!(export.contains("Dear hexacat"), "{export}");
    let id = app.person_id("hexacat").await.into();
    privacy::erase(MODULES, app.context(), Operator, id).await.expect("erased");
    let holders = app.json("/api/v1/badges/helper/holders").await;
    assert_eq!(holders["items"], serde_json::json!([]));
    assert_eq!(app.json("/api/v1/badges/helper").await["holder_count"], 0);
    assert_eq!(app.count("SELECT count(*) FROM user_badges").await, 2);
    let reasons = "SELECT count(*) FROM user_badges WHERE reason IS NOT NULL";
    assert_eq!(app.count(reasons).await, 0);
    app.finish().await;
}

/// Returns what this module exports of `hexacat`.
async fn privacy_export(app: &TestApp) -> String {
    let person = app.person_id("hexacat").await;
    let export = recognition::reads::export(&app.context().db, person.into()).await;
    export.expect("exported").to_string()
}
