//! Many friend requests at once. On PostgreSQL, transactions run side by side.

use futures_util::future::join_all;
use hackathons::{actions::change_friendship, rules::friends::Verb};

use super::{
    at_once::{patiently, people},
    scene::code,
};
use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_people_who_ask_each_other_become_friends() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let people = people(&app, 20).await;
    let pairs = people.chunks(2).enumerate();
    let asking = pairs.flat_map(|(index, pair)| {
        [(pair[0], index * 2 + 1), (pair[1], index * 2)].map(|(person, other)| {
            let context = app.context().clone();
            tokio::spawn(async move {
                let other = format!("hacker-{other}");
                patiently(|| change_friendship(&context, person, &other, Verb::Request)).await
            })
        })
    });
    for asked in join_all(asking).await {
        asked.expect("ended").expect("asked");
    }
    let friends = "SELECT count(*) FROM friendships WHERE status = 'accepted'";
    let rows = "SELECT count(*) FROM friendships";
    assert_eq!(app.count(friends).await, 10);
    assert_eq!(app.count(rows).await, 10);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_most_twenty_requests_of_a_day_are_sent() {
    let mut app = TestApp::start().await;
    app.may_leave_work();
    let people = people(&app, 31).await;
    let asking = (1..31).map(|other| {
        let (context, person) = (app.context().clone(), people[0]);
        tokio::spawn(async move {
            let other = format!("hacker-{other}");
            patiently(|| change_friendship(&context, person, &other, Verb::Request)).await
        })
    });
    let mut sent = 0;
    for outcome in join_all(asking).await {
        match outcome.expect("ended") {
            Ok(_) => sent += 1,
            refused => assert_eq!(code(refused), "TOO_MANY_FRIEND_REQUESTS"),
        }
    }
    assert_eq!(sent, 20);
    assert_eq!(app.count("SELECT count(*) FROM friendships").await, 20);
    app.finish().await;
}
