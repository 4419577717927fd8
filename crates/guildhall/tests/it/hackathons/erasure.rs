//! The data of a person who is erased.

use hackathons::{
    actions::{add_host, add_staff, fill_all_places},
    model::{ApplicationStatus, StaffRole},
};
use platform::audit::Actor::Operator;

use super::scene::{november, with_places};
use crate::app::TestApp;

#[tokio::test]
async fn an_erased_person_leaves_their_place_and_their_words() {
    let app = TestApp::start().await;
    let slug = app.hackathon(with_places(1)).await;
    app.applied(&slug, "ada").await;
    app.applied(&slug, "bo").await;
    app.team_of(&slug, "ada", "Ada's Gannets").await;
    let elsewhere = app.hackathon(november()).await;
    add_host(app.context(), Operator, "ada").await.expect("a host");
    add_staff(app.context(), Operator, &elsewhere, "ada", StaffRole::Judge).await.expect("a judge");
    let person = app.person_id("ada").await;
    let context = app.context();
    let tx = context.begin().await.expect("a transaction");
    hackathons::actions::erase(&tx, context, person.into()).await.expect("erased");
    tx.commit().await.expect("committed");
    for words in [
        "SELECT count(*) FROM applications WHERE motivation <> '' AND skills <> '' AND status = 'withdrawn'",
        "SELECT count(*) FROM teams WHERE name LIKE 'Ada%' OR slug LIKE 'ada%'",
        "SELECT count(*) FROM hackathon_staff WHERE role = 'judge'",
        "SELECT count(*) FROM hackathon_hosts",
    ] {
        assert_eq!(app.count(words).await, 0, "{words}");
    }
    let status = app.status_of(&slug, "bo").await;
    assert_eq!(status, ApplicationStatus::Waitlisted);
    assert_eq!(fill_all_places(context).await.expect("filled"), 1);
    let status = app.status_of(&slug, "bo").await;
    assert_eq!(status, ApplicationStatus::AutoAccepted);
    app.work().await;
    app.finish().await;
}
