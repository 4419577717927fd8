//! Other people in the download of a person's data.

use hackathons::reads;
use platform::audit::Actor::Operator;

use super::{judges_notes::noted, scene::publish_results};
use crate::app::TestApp;

async fn export(app: &TestApp, login: &str) -> String {
    let person = app.hacker_id(login).await;
    let tx = app.context().begin().await.expect("begun");
    let keys = app.context().keys.as_ref();
    reads::export(&tx, keys, person).await.expect("an export").to_string()
}

#[tokio::test]
async fn a_download_has_neither_judges_nor_what_is_not_published() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    noted(&app).await;
    let before = export(&app, "hacker-0").await;
    assert!(!before.contains("Anchor") && !before.contains("crossing"), "{before}");
    let over = "UPDATE hackathons SET judging_closes_at = judging_opens_at";
    app.change(over).await.expect("changed");
    publish_results(app.context(), Operator, "low-tide", "**Project 0** wins.")
        .await
        .expect("published");
    let after = export(&app, "hacker-0").await;
    assert!(after.contains("Anchor") && after.contains("crossing"), "{after}");
    for hidden in ["Draft", "halcyon", "judge-0", "judge-1", "judge-2", "organizer"] {
        assert!(!after.contains(hidden), "{hidden}: {after}");
    }
    // Of what others wrote as judges, a judge gets nothing either.
    let judge = export(&app, "judge-0").await;
    assert!(judge.contains("Zebra") && judge.contains("halcyon"), "{judge}");
    assert!(!judge.contains("Anchor") && !judge.contains("hacker-0"), "{judge}");
    app.finish().await;
}
