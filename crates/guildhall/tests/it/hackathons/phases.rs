//! `HackathonStateUpdater` records the phases of hackathons.

use platform::audit::Actor::Operator;

use super::scene::november;
use crate::app::{TestApp, at};

#[tokio::test]
async fn each_phase_is_recorded_and_notified_once() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    app.draft(november()).await;
    app.applied(&slug, "ada").await;
    let update = async || app.run_schedule("HackathonStateUpdater").await;
    assert_eq!(update().await, "2 phases", "those that they have already");
    assert_eq!(update().await, "0 phases");
    app.clock.set(at("2026-11-06T18:00:00Z"));
    assert_eq!(update().await, "1 phase", "applications are closed");
    app.clock.set(at("2026-11-14T18:00:00Z"));
    assert_eq!(update().await, "1 phase", "submissions are open");
    assert_eq!(update().await, "0 phases");
    app.work().await;
    let notified = async || {
        let browser = app.browser_of("ada").await;
        let titles = app.inbox(&browser).await;
        titles.iter().filter(|it| it.contains("are open") || it.contains("has begun")).count()
    };
    assert_eq!(notified().await, 1);
    // The job did not run when submissions closed.
    app.clock.set(at("2026-11-23T18:00:00Z"));
    assert_eq!(update().await, "1 phase", "judging");
    app.work().await;
    assert_eq!(notified().await, 2);
    let canceled = hackathons::actions::cancel(app.context(), Operator, &slug, "Rain.").await;
    canceled.expect("canceled");
    assert_eq!(update().await, "1 phase");
    assert_eq!(update().await, "0 phases");
    app.work().await;
    assert_eq!(notified().await, 2, "the cancellation has a message of its own");
    let phases = "SELECT count(*) FROM hackathon_phases WHERE phase IN \
                  ('applications', 'applications_closed', 'submission', 'judging', 'cancelled')";
    assert_eq!(app.count(phases).await, 5);
    let former = "UPDATE hackathon_phases SET phase = 'canceled' WHERE phase = 'cancelled'";
    app.change(former).await.expect("a record of the previous release");
    assert_eq!(update().await, "0 phases");
    app.clock.set(at("2027-01-01T00:00:00Z"));
    let take = async |step: &str| {
        let sql = format!("UPDATE hackathons SET {step} = created_at WHERE canceled_at IS NULL");
        app.change(&sql).await.expect(step);
        update().await
    };
    assert_eq!(take("published_at").await, "1 phase", "of the draft");
    assert_eq!(take("results_published_at").await, "1 phase", "completed");
    assert_eq!(update().await, "0 phases");
    assert_eq!(take("archived_at").await, "1 phase", "archived, though completed");
    app.finish().await;
}
