//! Many claims at once. On PostgreSQL, transactions run side by side.

use std::collections::BTreeSet;

use discovery::actions::{claim, release};
use futures_util::future::join_all;
use platform::ActionError;
use uuid::Uuid;

use super::*;
use crate::app::at_once::{patiently, people};

async fn id_of(app: &TestApp, number: i64) -> Uuid {
    Uuid::parse_str(&opportunity(app, number).await).expect("an ID")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_people_one_gets_the_issue_and_the_others_wait_in_order() {
    let (_reef, app) = with_issues(1).await;
    let people = people(&app, 200).await;
    let id = id_of(&app, 1).await;
    let claiming = people.iter().map(|person| {
        let (context, person) = (app.context().clone(), *person);
        tokio::spawn(async move { patiently(|| claim(&context, person, id)).await })
    });
    let mut places = BTreeSet::new();
    let mut active = 0;
    for outcome in join_all(claiming).await {
        let claimed = outcome.expect("ended").expect("claimed");
        match claimed.place() {
            Some(place) => assert!(places.insert(place), "{place} twice"),
            None => active += 1,
        }
    }
    assert_eq!(active, 1);
    assert_eq!(places, (1..=199).collect());
    let open = "SELECT count(*) FROM opportunity_claims WHERE status = 'active'";
    assert_eq!(app.count(open).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_who_claims_ten_issues_at_once_gets_three() {
    let (_reef, app) = with_issues(10).await;
    let person = people(&app, 1).await[0];
    let mut claiming = Vec::new();
    for number in 1..=10 {
        let (context, id) = (app.context().clone(), id_of(&app, number).await);
        claiming.push(tokio::spawn(async move { patiently(|| claim(&context, person, id)).await }));
    }
    let mut refused = Vec::new();
    for outcome in join_all(claiming).await {
        match outcome.expect("ended") {
            Ok(_) => {}
            Err(ActionError::Refused(problem)) => refused.push(problem.code),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(refused, ["CLAIM_LIMIT"; 7]);
    let taken = "SELECT count(*) FROM opportunities WHERE status = 'claimed'";
    assert_eq!(app.count(taken).await, 3);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn claims_releases_and_two_workers_leave_one_claimant_an_issue() {
    let (reef, mut app) = with_issues(4).await;
    app.may_leave_work();
    let people = people(&app, 12).await;
    let mut ids = Vec::new();
    for number in 1..=4 {
        ids.push(id_of(&app, number).await);
    }
    reef.pass(&app, TimeDelta::days(7));
    let sibling = app.sibling().await;
    let mut acting = Vec::new();
    for (index, person) in people.iter().enumerate() {
        let (context, ids, person) = (app.context().clone(), ids.clone(), *person);
        acting.push(tokio::spawn(async move {
            for round in 0..8 {
                let id = ids[(index + round) % ids.len()];
                let _ = patiently(|| claim(&context, person, id)).await;
                if (index + round) % 3 == 0 {
                    let _ = patiently(|| release(&context, person, id)).await;
                }
            }
        }));
    }
    for server in [&app.server, &sibling] {
        let context = server.context.clone();
        acting.push(tokio::spawn(async move {
            for _ in 0..10 {
                discovery::actions::expire_claims(&context).await.expect("expired");
            }
        }));
    }
    for outcome in join_all(acting).await {
        outcome.expect("ended");
    }
    let claimed = "SELECT count(*) FROM opportunities o WHERE (o.status = 'claimed') <> EXISTS \
                   (SELECT 1 FROM opportunity_claims c WHERE c.opportunity_id = o.id AND c.status = 'active' \
                   AND c.user_id = o.claimed_by)";
    assert_eq!(app.count(claimed).await, 0);
    let greedy = "SELECT count(*) FROM (SELECT user_id FROM opportunity_claims WHERE status = 'active' \
                  GROUP BY user_id HAVING count(*) > 3) AS greedy";
    assert_eq!(app.count(greedy).await, 0);
    let seqs = "SELECT count(*) - count(DISTINCT changed_seq) FROM opportunities";
    assert_eq!(app.count(seqs).await, 0);
    app.finish().await;
}
