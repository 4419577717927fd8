//! Many at once. On PostgreSQL, transactions run side by side.

use contributions::actions::{NewSanction, RegistrationInput, register, sanction, withdraw};
use contributions::model::SanctionKind;
use identity::model::UserId;
use platform::{ActionError, Context, audit::Actor::Operator};

use super::{AUTUMN, merged, october, sign_off_season};
use crate::app::{TestApp, at};

async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    for (number, login) in (1..).zip(["finch-ash", "wren-oak"]) {
        app.browser_of(login).await;
        let own = merged(number, login, "2026-10-02T08:00:00Z");
        app.deliver_all(&[&own]).await;
    }
    app
}

/// Registers a person and withdraws them again.
async fn comes_and_goes(context: Context, person: UserId) -> Result<(), ActionError> {
    let input = RegistrationInput {
        consent_version: 1,
        shares_email: false,
        ..RegistrationInput::default()
    };
    for _ in 0..5 {
        match register(&context, person, AUTUMN, &input).await {
            Ok(_) => {}
            Err(ActionError::Refused(problem)) => assert_eq!(problem.code, "DISQUALIFIED"),
            Err(error) => return Err(error),
        }
        match withdraw(&context, person, AUTUMN).await {
            Ok(()) => {}
            Err(ActionError::Refused(problem)) => assert_eq!(problem.code, "NOT_REGISTERED"),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn registration_withdrawal_and_sanctions_at_once() {
    let app = scene().await;
    let person = app.user_id_of("wren-oak").await;
    let mut tasks = Vec::new();
    for _ in 0..3 {
        tasks.push(tokio::spawn(comes_and_goes(app.context().clone(), person)));
    }
    let context = app.context().clone();
    tasks.push(tokio::spawn(async move {
        let new = NewSanction {
            login: "wren-oak".to_owned(),
            kind: SanctionKind::Disqualification,
            reason: "Spam".to_owned(),
        };
        sanction(&context, Operator, AUTUMN, &new).await.map(drop)
    }));
    for task in tasks {
        task.await.expect("ended").expect("no failure");
    }
    assert_eq!(app.season_rows().await, []);
    let registered = "SELECT count(*) FROM season_participants";
    assert!(app.count(registered).await <= 1);
    app.verify().await;
    app.work().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn only_one_of_two_disqualifications_is_decided() {
    let app = scene().await;
    let decide = |context: Context| async move {
        let new = NewSanction {
            login: "wren-oak".to_owned(),
            kind: SanctionKind::Disqualification,
            reason: "Spam".to_owned(),
        };
        sanction(&context, Operator, AUTUMN, &new).await
    };
    let tasks: Vec<_> = (0..4).map(|_| tokio::spawn(decide(app.context().clone()))).collect();
    let mut decided = 0;
    for task in tasks {
        decided += i32::from(task.await.expect("ended").is_ok());
    }
    assert_eq!(decided, 1);
    app.work().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_two_sign_offs_counts() {
    let app = scene().await;
    app.registers("wren-oak").await;
    app.clock.set(at("2026-11-08T12:00:00Z"));
    app.work().await;
    let sign_off = |context: Context| async move {
        sign_off_season(&context, Operator, AUTUMN).await.map(drop)
    };
    let tasks: Vec<_> = (0..4).map(|_| tokio::spawn(sign_off(app.context().clone()))).collect();
    let mut done = 0;
    for task in tasks {
        match task.await.expect("ended") {
            Ok(()) => done += 1,
            Err(ActionError::Refused(problem)) => assert_eq!(problem.code, "SEASON_STATE"),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(app.count("SELECT count(*) FROM season_results").await, 1);
    app.work().await;
    app.verify().await;
    app.finish().await;
}

/// A settlement is part of the results as a whole, or comes after and is noted as a whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_sign_off_and_a_settlement_at_once() {
    let app = scene().await;
    app.registers("wren-oak").await;
    app.clock.set(at("2026-11-08T12:00:00Z"));
    app.work().await;
    let late = merged(9, "wren-oak", "2026-10-20T08:00:00Z");
    app.deliver(&late.deliveries).await;
    let context = app.context().clone();
    let signing = tokio::spawn(async move {
        loop {
            match sign_off_season(&context, Operator, AUTUMN).await {
                Ok(_) => return Ok(()),
                Err(ActionError::Refused(problem)) => {
                    assert_eq!(problem.code, "SETTLEMENT_BEHIND");
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
                Err(error) => return Err(error),
            }
        }
    });
    app.work().await;
    signing.await.expect("ended").expect("signed off");
    app.work().await;
    let sql = "SELECT CAST(coalesce(sum(p.points), 0) AS bigint) FROM board_notes n \
               JOIN point_transactions p ON p.id = n.entry_id JOIN boards b ON b.id = n.board_id \
               WHERE b.key = 'season:autumn'";
    let points = app.season_rows().await[0].1;
    assert_eq!(points + app.count(sql).await, 120);
    assert!(points == 60 || points == 120, "{points}");
    app.verify().await;
    app.finish().await;
}
