//! Accounts are updated by their GitHub IDs while totals are updated by person, without deadlocks.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use identity::{
    actions::{add_points, know_accounts},
    model::{AccountKind, Authority, GithubAccount, PersonIdentity, UserId},
};
use platform::{Context, db::DbError};

use crate::app::{TestApp, at};

const PEOPLE: i64 = 200;

/// Returns how long both run: `SOAK_SECONDS`, or five seconds.
fn duration() -> Duration {
    let seconds = std::env::var("SOAK_SECONDS").unwrap_or_default();
    Duration::from_secs(match seconds.as_str() {
        "" => 5,
        seconds => seconds.parse().expect("SOAK_SECONDS is a number of seconds"),
    })
}

/// Prints a message for the person who reads the test's output.
#[expect(clippy::print_stdout, reason = "a test's output is for a person")]
fn print_line(text: impl std::fmt::Display) {
    println!("{text}");
}

/// Returns the account with this ID as GitHub describes it in a round.
fn account(github_id: i64, round: i64) -> GithubAccount {
    GithubAccount {
        github_id,
        login: format!("person-{github_id}"),
        kind: AccountKind::User,
        avatar_url: Some(format!("https://avatars.example/{round}")),
        created_at: None,
        seen_at: at("2026-10-02T08:00:00Z") + TimeDelta::seconds(round),
    }
}

/// Creates people whose IDs are in the reverse order of their GitHub IDs.
async fn people(context: &Context) -> Result<Vec<UserId>, DbError> {
    let mut people: BTreeMap<i64, PersonIdentity> = BTreeMap::new();
    for id in (1..=PEOPLE).rev() {
        let tx = context.begin().await?;
        let created = know_accounts(&tx, context, Authority::Delivery, [account(id, 0)]).await?;
        people.extend(created);
        tx.commit().await?;
    }
    Ok(people.into_values().map(|known| known.user_id).collect())
}

/// Updates all accounts, as an answer of GitHub does.
async fn update_accounts(context: &Context, round: i64) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let accounts = (1..=PEOPLE).map(|id| account(id, round));
    know_accounts(&tx, context, Authority::Github, accounts).await?;
    tx.commit().await
}

/// Adds a point for everyone, as a settlement does.
async fn settle(context: &Context, people: &[UserId]) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let points = people.iter().map(|person| (*person, 1));
    add_points(&tx, points, context.now()).await?;
    tx.commit().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL"]
async fn applying_and_settling_do_not_deadlock() {
    let app = TestApp::start().await;
    let context = app.context().clone();
    let people = people(&context).await.expect("people");
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let before = app.count(deadlocks).await;
    let stop = Arc::new(AtomicBool::new(false));
    let rounds = Arc::new([AtomicI64::new(0), AtomicI64::new(0)]);
    let tasks = (0..4_usize).map(|task| {
        let (context, people) = (context.clone(), people.clone());
        let (stop, rounds) = (Arc::clone(&stop), Arc::clone(&rounds));
        tokio::spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                let round = 1 + rounds[task % 2].fetch_add(1, Ordering::SeqCst);
                match task % 2 {
                    0 => update_accounts(&context, round).await?,
                    _ => settle(&context, &people).await?,
                }
            }
            Ok::<(), DbError>(())
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let lasts = duration();
    tokio::time::sleep(lasts).await;
    stop.store(true, Ordering::SeqCst);
    for task in tasks {
        task.await.expect("ended").expect("no deadlock");
    }
    let done = [0, 1].map(|kind: usize| rounds[kind].load(Ordering::SeqCst));
    print_line(format_args!(
        "{lasts:?}: {} updates of all accounts and {} of all totals, {} deadlocks",
        done[0],
        done[1],
        app.count(deadlocks).await - before
    ));
    assert!(done.iter().all(|done| *done > 20), "too few to judge by: {done:?}");
    assert_eq!(app.count(deadlocks).await, before);
    let settled = "SELECT max(total_points) FROM users";
    assert_eq!(app.count(settled).await, done[1]);
    app.finish().await;
}
