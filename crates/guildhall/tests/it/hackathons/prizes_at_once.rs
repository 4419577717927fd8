//! Many awards at once. On PostgreSQL, transactions run side by side.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use hackathons::{
    actions::{add_staff, award_prize, claim_prize, submit},
    model::{PrizeAwardId, StaffRole, SubmissionId},
    reads::{PrizeAwardPart, prize_awards},
};
use platform::audit::Actor::{Operator, Person};

use super::{
    at_once::{patiently, people},
    scene::{code, november},
    submissions::gannet,
};
use crate::app::{TestApp, at};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_organizers_award_a_prize_of_three_exactly_three_times() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let builders = ["ada", "bo", "cy", "dee", "eve", "flo"];
    let slug = app.building(november(), &builders).await;
    let mut submissions: Vec<SubmissionId> = Vec::new();
    for login in builders {
        let person = app.hacker_id(login).await;
        let submitted = submit(app.context(), person, &slug, &gannet()).await;
        submissions.push(submitted.expect("submitted").key());
    }
    app.clock.set(at("2026-11-24T18:00:00Z"));
    let prize = app.prize(&slug, "Harbor prize", 3).await;
    let organizers = people(&app, 30).await;
    for number in 0..organizers.len() {
        let login = format!("hacker-{number}");
        add_staff(app.context(), Operator, &slug, login.as_str(), StaffRole::Organizer)
            .await
            .expect("an organizer");
    }
    let awarding = organizers.iter().zip(0..).map(|(organizer, number)| {
        let (context, slug, prize) = (app.context().clone(), slug.clone(), prize.clone());
        let (actor, submission) = (Person(organizer.0), submissions[number % submissions.len()]);
        tokio::spawn(async move {
            patiently(|| award_prize(&context, actor, &slug, &prize, submission)).await
        })
    });
    let mut awarded: Vec<(PrizeAwardId, SubmissionId)> = Vec::new();
    for outcome in join_all(awarding).await {
        match outcome.expect("ended") {
            Ok(award) => awarded.push((award.key(), award.submission_id.into())),
            refused => {
                let refused = code(refused);
                let known = ["PRIZE_COUNT_REACHED", "PRIZE_ALREADY_AWARDED"];
                assert!(known.contains(&refused), "{refused}");
            }
        }
    }
    assert_eq!(awarded.len(), 3);
    let hackathon = app.hackathon_view(&slug).await.key();
    let stored = prize_awards(&app.context().db, hackathon, PrizeAwardPart::All, None, 100).await;
    let stored = stored.expect("read");
    assert_eq!(stored.len(), 3);
    let distinct: BTreeSet<_> = stored.iter().map(|it| it.submission_id).collect();
    assert_eq!(distinct.len(), 3);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_member_claims_a_prize_of_a_team() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let slug = app.closed_event().await;
    let prize = app.prize(&slug, "Harbor prize", 1).await;
    let award = app.awards((&slug, &prize), "ada").await.expect("awarded").key();
    app.prize_giving(&slug).await;
    let team = [app.hacker_id("ada").await, app.hacker_id("bo").await];
    let claiming = team.iter().cycle().take(8).map(|person| {
        let (context, slug, person) = (app.context().clone(), slug.clone(), *person);
        tokio::spawn(async move {
            let claimed = patiently(|| claim_prize(&context, person, &slug, award, "Quay")).await;
            (person, claimed)
        })
    });
    let mut claimants = BTreeSet::new();
    for outcome in join_all(claiming).await {
        match outcome.expect("ended") {
            (person, Ok(_)) => {
                claimants.insert(person.0);
            }
            (_, refused) => assert_eq!(code(refused), "PRIZE_STATE"),
        }
    }
    assert_eq!(claimants.len(), 1);
    app.finish().await;
}
