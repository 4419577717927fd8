//! Many mentors and members at once. On PostgreSQL, transactions run side by side.

use futures_util::future::join_all;
use hackathons::{
    actions::{add_staff, apply, ask_for_help, join_team, step_help},
    model::{HelpState, StaffRole},
    reads,
    rules::help::{HelpInput, HelpStep},
};
use platform::audit::Actor::Operator;

use super::{
    at_once::{patiently, people},
    scene::{application, code, november},
};
use crate::app::{TestApp, at};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_team_asks_once_and_one_of_twenty_mentors_comes() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.hackathon(november()).await;
    app.applied(&slug, "ada").await;
    let team = app.team_of(&slug, "ada", "Gannet").await;
    let people = people(&app, 23).await;
    let (members, mentors) = people.split_at(3);
    for member in members {
        apply(app.context(), *member, &slug, "", &application()).await.expect("applied");
        join_team(app.context(), *member, &team).await.expect("joined");
    }
    for number in 3..23 {
        let login = format!("hacker-{number}");
        add_staff(app.context(), Operator, &slug, &login, StaffRole::Mentor)
            .await
            .expect("a mentor");
    }
    app.clock.set(at("2026-11-15T08:00:00Z"));
    let asking = members.iter().map(|member| {
        let (context, slug, member) = (app.context().clone(), slug.clone(), *member);
        tokio::spawn(async move {
            let input = HelpInput {
                topic: "The tide API answers 401.".to_owned(),
                place: "Table 7".to_owned(),
            };
            patiently(|| ask_for_help(&context, member, &slug, &input)).await
        })
    });
    let mut asked = Vec::new();
    for outcome in join_all(asking).await {
        match outcome.expect("ended") {
            Ok(request) => asked.push(request.key()),
            refused => assert_eq!(code(refused), "HELP_REQUEST_OPEN"),
        }
    }
    assert_eq!(asked.len(), 1);
    let id = asked[0];
    let taking = mentors.iter().map(|mentor| {
        let (context, slug, person) = (app.context().clone(), slug.clone(), *mentor);
        tokio::spawn(async move {
            patiently(|| step_help(&context, person, false, &slug, id, HelpStep::Take, ""))
                .await
                .map(|taken| (person, taken))
        })
    });
    let mut taken = Vec::new();
    for outcome in join_all(taking).await {
        match outcome.expect("ended") {
            Ok((mentor, request)) => {
                assert_eq!(request.mentor_id, Some(mentor.0));
                taken.push(mentor);
            }
            refused => assert_eq!(code(refused), "HELP_REQUEST_STATE"),
        }
    }
    assert_eq!(taken.len(), 1);
    let request = reads::help_request(&app.context().db, id).await;
    let request = request.expect("read").expect("a request");
    assert_eq!(request.mentor_id, Some(taken[0].0));
    assert_eq!(request.state, HelpState::Taken);
    app.finish().await;
}
