//! Many at once. On PostgreSQL, transactions run side by side.

use futures_util::future::join_all;
use hackathons::{
    actions::{apply, join_team, withdraw},
    model::ApplicationStatus,
    reads::{ApplicationPart, applications},
};

use super::scene::{application, code, november, with_places};
use crate::app::TestApp;

pub(super) use crate::app::at_once::{patiently, people};

impl TestApp {
    /// Returns the ranks on the waitlist, in order.
    async fn ranks(&self) -> Vec<i64> {
        let slug = "low-tide";
        let id = self.hackathon_view(slug).await.key();
        let part = ApplicationPart::With(ApplicationStatus::Waitlisted);
        let found = applications(&self.context().db, id, part, None, 1_000).await;
        let ranks = found.expect("read").into_iter();
        ranks.filter_map(|row| row.waitlist_rank).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_hundred_people_get_exactly_one_hundred_places() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.hackathon(with_places(100)).await;
    let people = people(&app, 500).await;
    let applying = people.iter().map(|person| {
        let (context, slug, person) = (app.context().clone(), slug.clone(), *person);
        tokio::spawn(async move {
            let own = application();
            patiently(|| apply(&context, person, &slug, "", &own)).await
        })
    });
    for applied in join_all(applying).await {
        applied.expect("ended").expect("applied");
    }
    let accepted = "SELECT count(*) FROM applications WHERE status = 'auto_accepted'";
    let waiting = "SELECT count(*) FROM applications WHERE status = 'waitlisted'";
    let ranks = "SELECT count(DISTINCT waitlist_rank) FROM applications";
    assert_eq!(app.count(accepted).await, 100);
    assert_eq!(app.count(waiting).await, 400);
    assert_eq!(app.count(ranks).await, 400);

    // Those who withdraw make room for the first of the waitlist, at once too.
    let waiting_before = app.ranks().await;
    let id = app.hackathon_view(&slug).await.key();
    let holders = applications(&app.context().db, id, ApplicationPart::Accepted, None, 40).await;
    let leaving = holders.expect("read").into_iter().map(|holder| {
        let (context, slug) = (app.context().clone(), slug.clone());
        let person = holder.user_id.into();
        tokio::spawn(async move { patiently(|| withdraw(&context, person, &slug)).await })
    });
    for left in join_all(leaving).await {
        left.expect("ended").expect("withdrawn");
    }
    assert_eq!(app.count(accepted).await, 100);
    // The first of the waitlist got the places.
    assert_eq!(app.ranks().await, waiting_before[40..]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_team_never_has_too_many_members() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.hackathon(november()).await;
    app.applied(&slug, "leader").await;
    let gannet = app.team_of(&slug, "leader", "Gannet").await;
    let people = people(&app, 20).await;
    for person in &people {
        apply(app.context(), *person, &slug, "", &application()).await.expect("applied");
    }
    let joining = people.iter().map(|person| {
        let (context, gannet, person) = (app.context().clone(), gannet.clone(), *person);
        tokio::spawn(async move { join_team(&context, person, &gannet).await.map(drop) })
    });
    let mut joined = 0;
    for outcome in join_all(joining).await {
        match outcome.expect("ended") {
            Ok(()) => joined += 1,
            refused => assert_eq!(code(refused), "TEAM_FULL"),
        }
    }
    assert_eq!(joined, 3);
    let members = "SELECT count(*) FROM team_members WHERE status = 'active'";
    assert_eq!(app.count(members).await, 4);
    assert_eq!(app.status_of(&slug, "leader").await, ApplicationStatus::AutoAccepted);
    app.finish().await;
}
