//! Two people who decide at once. On PostgreSQL, transactions run side by side.

use contributions::rules::disputes::DisputeStage;
use futures_util::future::join_all;
use identity::model::Role;
use platform::Context;

use super::*;

async fn decide(
    context: Context,
    person: UserId,
    number: i64,
    stage: DisputeStage,
    points: i64,
) -> Result<(), ActionError> {
    let decision = DisputeDecision {
        stage,
        is_granted: true,
        points: Some(points),
        reason: format!("{points} are right."),
    };
    decide_dispute(&context, person, Role::Admin, number, &decision).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_admins_decide_once_and_both_learn_it() {
    let admins = ["birch", "rook-elm", "wren-oak", "finch-ash"];
    for stage in [DisputeStage::Dispute, DisputeStage::Appeal] {
        let app = scene().await;
        let author = app.browser_of(AUTHOR).await;
        let number = opens(&author, &about_points()).await;
        for login in admins {
            app.browser_with(login, Role::Admin).await;
        }
        if stage == DisputeStage::Appeal {
            app.browser_of("first").await;
            let upheld = app.decides("first", number, DisputeStage::Dispute, false);
            upheld.await.expect("decided");
            let person = app.user(AUTHOR).await;
            appeal(app.context(), person, number, "Wrong.").await.expect("appealed");
        }
        let mut tasks = Vec::new();
        for (points, login) in (31..).zip(admins) {
            let person = app.user(login).await;
            let decided = decide(app.context().clone(), person, number, stage, points);
            tasks.push(tokio::spawn(decided));
        }
        let done = join_all(tasks).await.into_iter();
        let done: Vec<_> = done.map(|task| task.expect("ended")).collect();
        let first = done.iter().position(Result::is_ok).expect("a decision");
        for (place, result) in done.iter().enumerate() {
            match result {
                Ok(()) => assert_eq!(place, first, "one decision"),
                Err(ActionError::Refused(problem)) => {
                    assert_eq!(problem.code, "DISPUTE_DECIDED");
                    let by = format!("{} already decided", admins[first]);
                    assert!(problem.detail.starts_with(&by), "{}", problem.detail);
                }
                Err(error) => panic!("{error}"),
            }
        }
        app.work().await;
        let points = i64::try_from(first).expect("small") + 31;
        assert_eq!(score(&app, 1).await, points);
        let held = "SELECT count(*) FROM score_overrides";
        assert_eq!(app.count(held).await, 1);
        let inbox = app.inbox(&author).await;
        let notified = inbox.iter().filter(|title| title.contains("is granted"));
        assert_eq!(notified.count(), 1, "{inbox:?}");
        app.verify().await;
        app.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_disputes_about_the_same_is_opened() {
    let app = scene().await;
    let person = app.user(AUTHOR).await;
    let open = |context: Context| async move {
        let new = NewDispute {
            kind: DisputeKind::Score,
            target: "octo-org/lantern#1".to_owned(),
            text: "Wrong.".to_owned(),
        };
        open_dispute(&context, person, &new).await
    };
    let tasks = (0..4).map(|_| tokio::spawn(open(app.context().clone())));
    let mut opened = 0;
    for task in join_all(tasks).await {
        match task.expect("ended") {
            Ok(number) => {
                assert_eq!(number, 1);
                opened += 1;
            }
            Err(ActionError::Refused(problem)) => assert_eq!(problem.code, "ALREADY_CONTESTED"),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(opened, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn overrides_at_once_leave_one_that_settlement_follows() {
    let app = scene().await;
    let pull = app.pull_id("lantern", 1).await;
    let set = |context: Context, points: i64| async move {
        let input = OverrideInput {
            kind: OverrideKind::Set,
            points: Some(points),
            reason: "To try".to_owned(),
        };
        override_score(&context, Operator, pull, &input).await
    };
    let tasks = (1..=6).map(|points| tokio::spawn(set(app.context().clone(), points)));
    for task in join_all(tasks).await {
        task.expect("ended").expect("overridden");
    }
    app.work().await;
    let held = "SELECT count(*) FROM score_overrides WHERE lifted_at IS NULL";
    assert_eq!(app.count(held).await, 1);
    let points = "SELECT points FROM score_overrides WHERE lifted_at IS NULL";
    assert_eq!(score(&app, 1).await, app.count(points).await);
    app.verify().await;
    app.finish().await;
}

/// Bans the author, contests it, and returns the number of the dispute.
async fn contested_ban(app: &TestApp) -> i64 {
    app.ban(AUTHOR).await;
    let ban = app.current_ban(AUTHOR).await;
    app.disputes(AUTHOR, DisputeKind::Ban, &ban).await
}

async fn decide_ban(
    context: Context,
    person: UserId,
    number: i64,
    is_granted: bool,
) -> Result<(), ActionError> {
    let decision = DisputeDecision {
        stage: DisputeStage::Dispute,
        is_granted,
        points: None,
        reason: "Decided.".to_owned(),
    };
    decide_dispute(&context, person, Role::Admin, number, &decision).await
}

const LIFTS: &str = "SELECT count(*) FROM bans WHERE is_lift";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_admins_decide_once_about_a_ban() {
    let app = scene().await;
    let number = contested_ban(&app).await;
    let mut tasks = Vec::new();
    let admins = ["birch", "rook-elm", "wren-oak", "finch-ash"];
    for login in admins {
        app.browser_with(login, Role::Admin).await;
    }
    for (login, is_granted) in admins.into_iter().zip([true, false, true, false]) {
        let decided = decide_ban(app.context().clone(), app.user(login).await, number, is_granted);
        tasks.push((is_granted, tokio::spawn(decided)));
    }
    let mut outcomes = Vec::new();
    for (is_granted, task) in tasks {
        match task.await.expect("ended") {
            Ok(()) => outcomes.push(is_granted),
            Err(ActionError::Refused(problem)) => {
                assert_eq!(problem.code, "DISPUTE_DECIDED", "{}", problem.detail);
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(outcomes.len(), 1, "one decision");
    assert_eq!(app.count(LIFTS).await, i64::from(outcomes[0]));
    app.work().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_ban_is_lifted_once_by_a_decision_or_an_admin() {
    let app = scene().await;
    let number = contested_ban(&app).await;
    app.browser_with("birch", Role::Admin).await;
    let granted =
        tokio::spawn(decide_ban(app.context().clone(), app.user("birch").await, number, true));
    let context = app.context().clone();
    let unban = async move {
        let lifted = identity::actions::unban(&context, Operator, AUTHOR, "Appealed").await;
        lifted.map(|_| ())
    };
    let unbanned = tokio::spawn(unban);
    let done = [
        (granted.await.expect("ended"), "BAN_OVER"),
        (unbanned.await.expect("ended"), "NOT_BANNED"),
    ];
    let lifted = done.iter().filter(|(result, _)| result.is_ok()).count();
    assert_eq!(lifted, 1, "one of them lifted it");
    for (result, code) in done {
        match result {
            Ok(()) => {}
            Err(ActionError::Refused(problem)) => assert_eq!(problem.code, code),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(app.count(LIFTS).await, 1);
    app.run_schedule("DisputesOfEndedBans").await;
    let open = "SELECT count(*) FROM disputes WHERE state = 'open'";
    assert_eq!(app.count(open).await, 0);
    app.work().await;
    app.finish().await;
}
