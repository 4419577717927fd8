//! Evaluations of everyone, after a badge was created or changed.

use platform::audit::Actor::Operator;
use recognition::{
    actions::{BadgeChange, change_badge},
    reads::last_evaluation,
    rules::badges::Criteria,
};

use super::merged;
use crate::app::TestApp;

async fn with_merges() -> TestApp {
    let app = TestApp::of_lantern().await;
    let pulls = [merged(1, "hexacat", 1), merged(2, "hexacat", 2), merged(3, "monacat", 3)];
    app.deliver_all(&pulls.iter().collect::<Vec<_>>()).await;
    app
}

#[tokio::test]
async fn a_new_badge_counts_what_happened_before() {
    let app = with_merges().await;
    app.badge("two", Criteria::PrCount { at_least: 2 }).await;
    assert!(!app.badges_of("hexacat").await.contains(&"two".to_owned()));
    app.work().await;
    assert_eq!(app.badges_of("hexacat").await, ["two", "first-merge"]);
    assert_eq!(app.badges_of("monacat").await, ["first-merge"]);
    let evaluation = last_evaluation(&app.context().db).await;
    let evaluation = evaluation.expect("read").expect("an evaluation");
    let people = app.count("SELECT count(*) FROM users").await;
    assert_eq!((evaluation.evaluated, evaluation.awarded), (people, 1));
    assert!(evaluation.completed_at.is_some());
    app.finish().await;
}

#[tokio::test]
async fn holders_keep_a_badge_when_its_criteria_change() {
    let app = with_merges().await;
    app.badge("two", Criteria::PrCount { at_least: 2 }).await;
    app.work().await;
    for (at_least, hexacat, monacat) in [(3, true, false), (1, true, true)] {
        let change = BadgeChange {
            criteria: Some(Criteria::PrCount { at_least }),
            ..BadgeChange::default()
        };
        change_badge(app.context(), Operator, "two", change).await.expect("changed");
        app.work().await;
        for (login, expected) in [("hexacat", hexacat), ("monacat", monacat)] {
            let has = app.badges_of(login).await.contains(&"two".to_owned());
            assert_eq!(has, expected, "{login}, {at_least}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn no_one_earns_a_retired_badge() {
    let app = TestApp::of_lantern().await;
    app.badge("any", Criteria::FirstPr).await;
    let moved = |retired| BadgeChange { retired: Some(retired), ..BadgeChange::default() };
    change_badge(app.context(), Operator, "any", moved(true)).await.expect("retired");
    app.deliver_all(&[&merged(1, "hexacat", 1)]).await;
    assert_eq!(app.badges_of("hexacat").await, ["first-merge"]);
    change_badge(app.context(), Operator, "any", moved(false)).await.expect("restored");
    app.work().await;
    let mut badges = app.badges_of("hexacat").await;
    badges.sort();
    assert_eq!(badges, ["any", "first-merge"]);
    app.finish().await;
}

#[tokio::test]
async fn the_first_badges_are_created_once() {
    let app = TestApp::start().await;
    let count = async || app.count("SELECT count(*) FROM badges").await;
    app.work().await;
    assert_eq!(count().await, 29);
    app.work().await;
    recognition::actions::seed_badges(app.context(), guildhall::PROGRAMMES)
        .await
        .expect("nothing to do");
    assert_eq!(count().await, 29);
    app.finish().await;
}
