//! Many at once. On PostgreSQL, transactions run side by side.

use std::collections::BTreeSet;

use contributions::{
    actions::{
        FlagDecision, ReportInput, decide_flags, exclude_repository, include_repository, report,
    },
    model::{FlagEffect, ReportReason},
};
use identity::model::Role;
use platform::{
    ActionError, Context,
    audit::Actor::{self, Operator},
};

use super::super::seasons::open_to_everyone;
use super::server;

fn refusal(error: ActionError) -> &'static str {
    match error {
        ActionError::Refused(problem) => problem.code,
        error => panic!("{error:?}"),
    }
}

fn input(number: i64) -> ReportInput {
    ReportInput {
        repository: "octo-org/lantern".to_owned(),
        number: Some(number),
        reason: ReportReason::Spam,
        words: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_reports_at_once_are_one_flag() {
    let app = server().await;
    let mut tasks = Vec::new();
    for name in ["wren-oak", "finch-ash", "rook-elm", "newt-fen"] {
        app.browser_of(name).await;
        let person = app.person_id(name).await.into();
        // The same person twice, of whom one is refused.
        for _ in 0..2 {
            let context = app.context().clone();
            tasks.push(tokio::spawn(async move {
                let made = report(&context, person, &input(1)).await;
                made.map(drop).map_err(refusal)
            }));
        }
    }
    let mut refused = 0;
    for task in tasks {
        if let Err(code) = task.await.expect("ended") {
            assert_eq!(code, "ALREADY_REPORTED");
            refused += 1;
        }
    }
    assert_eq!(refused, 4);
    assert_eq!(app.count("SELECT count(*) FROM reports").await, 4);
    assert_eq!(app.count("SELECT count(*) FROM fair_play_flags").await, 1);
    let signs = app.values("SELECT signs AS value FROM fair_play_flags").await;
    assert!(signs[0].contains("\"count\":4"), "{signs:?}");
    app.work().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_person_cannot_exceed_the_limit_with_many_reports_at_once() {
    let app = server().await;
    let lantern = crate::app::scenarios::repo(1, "lantern");
    let series = super::super::flags::series(&lantern, "hexacat", 101..=125);
    app.deliver_all(&series.iter().collect::<Vec<_>>()).await;
    app.browser_of("wren-oak").await;
    let person = app.person_id("wren-oak").await.into();
    let tasks: Vec<_> = (101..=125)
        .map(|number| {
            let context = app.context().clone();
            tokio::spawn(async move {
                let made = report(&context, person, &input(number)).await;
                made.map(drop).map_err(refusal)
            })
        })
        .collect();
    let mut refused = Vec::new();
    for task in tasks {
        refused.extend(task.await.expect("ended").err());
    }
    assert_eq!(refused, ["TOO_MANY_REPORTS"; 5]);
    app.work().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_exclusions_counts() {
    let app = server().await;
    let before = app.net_ledger().await;
    let decide = |is_exclusion: bool| {
        let context: Context = app.context().clone();
        tokio::spawn(async move {
            let decided = if is_exclusion {
                exclude_repository(&context, Operator, 1, "Farmed").await
            } else {
                include_repository(&context, Operator, 1, "Explained").await
            };
            decided.map(drop).map_err(refusal)
        })
    };
    for (is_exclusion, code) in [(true, "REPOSITORY_EXCLUDED"), (false, "REPOSITORY_INCLUDED")] {
        let tasks: Vec<_> = (0..4).map(|_| decide(is_exclusion)).collect();
        let mut refused = Vec::new();
        for task in tasks {
            refused.extend(task.await.expect("ended").err());
        }
        assert_eq!(refused, [code; 3]);
        app.work().await;
    }
    assert_eq!(app.net_ledger().await, before);
    app.verify().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_flags_confirmed_at_once_warn_once_and_disqualify_once() {
    let app = server().await;
    app.season(open_to_everyone()).await;
    app.browser_of("wren-oak").await;
    let person = app.person_id("wren-oak").await.into();
    for number in [1, 2] {
        report(app.context(), person, &input(number)).await.expect("reported");
    }
    let mut moderators = Vec::new();
    for name in ["rook-elm", "finch-ash"] {
        app.browser_with(name, Role::Moderator).await;
        moderators.push(Actor::Person(app.person_id(name).await));
    }
    let mut tasks = Vec::new();
    for number in [1, 2] {
        for moderator in moderators.clone() {
            let context = app.context().clone();
            tasks.push(tokio::spawn(async move {
                let spam = FlagDecision::Confirm {
                    effect: Some(FlagEffect::Spam),
                    spared: BTreeSet::new(),
                };
                let numbers = BTreeSet::from([number]);
                let decided = decide_flags(&context, moderator, &numbers, &spam, "Spam").await;
                decided.map_err(refusal)
            }));
        }
    }
    let mut refused = Vec::new();
    for task in tasks {
        refused.extend(task.await.expect("ended").err());
    }
    assert_eq!(refused, ["FLAG_DECIDED"; 2]);
    let kinds = app.values("SELECT kind AS value FROM sanctions ORDER BY id").await;
    assert_eq!(kinds, ["warning", "disqualification"]);
    app.work().await;
    app.verify().await;
    app.finish().await;
}
