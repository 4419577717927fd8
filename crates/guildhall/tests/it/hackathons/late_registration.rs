//! Late registration: people apply until submissions close, while places are free.

use futures_util::future::join_all;
use hackathons::{
    actions::{apply, edit_hackathon, withdraw},
    model::ApplicationStatus,
    rules::details::HackathonInput,
};
use platform::audit::Actor::Operator;
use serde_json::json;

use super::{
    at_once::{patiently, people},
    scene::{application, code, with_places},
};
use crate::app::{TestApp, at};

fn late(places: i64) -> HackathonInput {
    HackathonInput { late_registration: Some(true), ..with_places(places) }
}

#[tokio::test]
async fn people_apply_late_while_places_are_free() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.hackathon(late(2)).await;
    let context = app.context();
    app.applied(&slug, "ada").await;
    let [bo, cy] = [app.hacker("bo").await, app.hacker("cy").await];
    let own = application();
    app.clock.set(at("2026-11-15T08:00:00Z"));
    let applied = apply(context, bo, &slug, "", &own).await.expect("applied");
    assert_eq!(applied.status, ApplicationStatus::AutoAccepted);
    // Full means refused, not waiting.
    assert_eq!(code(apply(context, cy, &slug, "", &own).await), "PLACES_TAKEN");
    let page = app.browser_of("cy").await.get("/hackathons/low-tide").await;
    assert!(page.text.contains("try again later"), "{}", page.text);
    let form = app.browser_of("cy").await;
    let form = form.get("/hackathons/low-tide/apply").await.text;
    assert!(form.contains("All places are taken") && !form.contains("<textarea"));
    // Those who have a place still change their application.
    apply(context, bo, &slug, "", &own).await.expect("changed");
    withdraw(context, bo, &slug).await.expect("withdrawn");
    let page = app.browser_of("cy").await.get("/hackathons/low-tide").await;
    assert!(page.text.contains("Late registration is open"));
    let form = app.browser_of("cy").await;
    let form = form.get("/hackathons/low-tide/apply").await.text;
    assert!(form.contains("Late registration takes people while places are free."));
    let applied = apply(context, cy, &slug, "", &own).await.expect("applied");
    assert_eq!(applied.status, ApplicationStatus::AutoAccepted);
    app.clock.set(at("2026-11-22T18:00:00Z"));
    assert_eq!(code(apply(context, bo, &slug, "", &own).await), "APPLICATIONS_CLOSED");
    app.finish().await;
}

#[tokio::test]
async fn organizers_turn_it_on_and_off_and_review_it() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.hackathon(with_places(2)).await;
    let context = app.context();
    app.clock.set(at("2026-11-15T08:00:00Z"));
    let ada = app.hacker("ada").await;
    let own = application();
    let closed = apply(context, ada, &slug, "", &own).await;
    assert_eq!(code(closed), "APPLICATIONS_CLOSED");
    let organizer = app.browser_of("organizer").await;
    let path = "/api/v1/hackathons/low-tide";
    let on = json!({ "late_registration": true, "places": "review" });
    let set = organizer.call("PATCH", path, Some(&on)).await;
    assert_eq!(set.status, 200, "{}", set.text);
    assert_eq!(organizer.json(path).await["late_registration"], true);
    let form = organizer.get("/hackathons/low-tide/edit").await.text;
    assert!(form.contains("name=\"late_registration\" value=\"yes\" checked"));
    let applied = apply(context, ada, &slug, "", &own).await.expect("applied");
    assert_eq!(applied.status, ApplicationStatus::PendingReview);
    let off = HackathonInput { late_registration: Some(false), ..HackathonInput::default() };
    edit_hackathon(context, Operator, &slug, &off).await.expect("off");
    let bo = app.hacker("bo").await;
    let closed = apply(context, bo, &slug, "", &own).await;
    assert_eq!(code(closed), "APPLICATIONS_CLOSED");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_get_exactly_the_free_places() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.hackathon(late(10)).await;
    let people = people(&app, 60).await;
    app.clock.set(at("2026-11-15T08:00:00Z"));
    let applying = people.iter().map(|person| {
        let (context, slug, person) = (app.context().clone(), slug.clone(), *person);
        tokio::spawn(async move {
            let own = application();
            patiently(|| apply(&context, person, &slug, "", &own)).await
        })
    });
    let mut placed = 0;
    for applied in join_all(applying).await {
        match applied.expect("ended") {
            Ok(own) => {
                assert_eq!(own.status, ApplicationStatus::AutoAccepted);
                placed += 1;
            }
            refused => assert_eq!(code(refused), "PLACES_TAKEN"),
        }
    }
    assert_eq!(placed, 10);
    assert_eq!(app.count("SELECT count(*) FROM applications").await, 10);
    app.finish().await;
}
