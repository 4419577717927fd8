//! Evaluations, awards and revocations at the same time leave one award.

use futures_util::future::join_all;
use platform::audit::Actor::Operator;
use recognition::{
    Programmes,
    actions::{award_badge, evaluate_due, evaluate_next, revoke_badge},
    model::BADGES_DUE,
    rules::badges::Criteria,
};
use uuid::Uuid;

use super::merged;
use crate::app::TestApp;

async fn wake(app: &TestApp, person: Uuid) {
    let context = app.context();
    let mut tx = context.begin().await.expect("a transaction");
    tx.wake(BADGES_DUE, [person], context.ids.as_ref(), context.now()).await.expect("raised");
    tx.commit().await.expect("committed");
}

async fn held(app: &TestApp) -> i64 {
    let sql = "SELECT count(*) FROM user_badges a JOIN badges b ON b.id = a.badge_id \
               WHERE b.slug = 'any' AND a.revoked_at IS NULL";
    app.count(sql).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn evaluations_at_the_same_time_award_a_badge_once() {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    app.badge("any", Criteria::FirstPr).await;
    let person = app.person_id("hexacat").await;
    for _ in 0..3 {
        wake(&app, person).await;
    }
    let programmes = Programmes::of(&app.server);
    let due = (0..4).map(|_| evaluate_due(app.context(), programmes));
    let next = (0..4).map(|_| evaluate_next(app.context(), programmes));
    let (due, next) = tokio::join!(join_all(due), join_all(next));
    for done in due.into_iter().chain(next) {
        done.expect("evaluated");
    }
    app.work().await;
    assert_eq!(held(&app).await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn awards_and_revocations_at_the_same_time_leave_at_most_one_award() {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    app.badge("any", Criteria::Manual).await;
    let context = app.context();
    let acts = (0..12).map(async |index| {
        let done = match index % 2 {
            0 => award_badge(context, Operator, "any", "hexacat", "to try").await,
            _ => revoke_badge(context, Operator, "any", "hexacat", "to try").await,
        };
        done.is_ok()
    });
    let done = join_all(acts).await;
    let count = |parity: usize| {
        let acts = done.iter().skip(parity).step_by(2);
        acts.filter(|done| **done).count() as i64
    };
    let (awards, revocations) = (count(0), count(1));
    assert_eq!(held(&app).await, awards - revocations, "{done:?}");
    let rows = "SELECT count(*) FROM user_badges a JOIN badges b ON b.id = a.badge_id \
                WHERE b.slug = 'any'";
    assert_eq!(app.count(rows).await, awards);
    app.finish().await;
}
