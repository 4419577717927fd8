//! The person who decided that a pull request is merged: by auto-merge, by the merge queue, or by merging it.

use guildhall::PROGRAMMES;
use recognition::model::SettlementMode;
use testkit::{
    payloads::{Account, AccountKind},
    story::Act,
};

use super::publishing::publish;
use crate::app::{
    TestApp, at,
    scenarios::{Scenario, person, repo},
};

const SCORED: [&str; 2] = ["#1  pr_merged +50 2026-10", "#1  pr_opened +10 2026-10"];

fn opened() -> Scenario {
    Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-01T08:00:00Z")
}

/// Returns the account that GitHub names as the merger of what the merge queue merges.
fn queue() -> Account {
    Account { kind: AccountKind::Bot, ..Account::user(9_919, "github-merge-queue[bot]") }
}

fn merged_by_queue(scenario: Scenario) -> Scenario {
    scenario.then(Act::Merged, &queue(), "2026-10-02T08:00:00Z").then(
        Act::Dequeued("MERGE"),
        &queue(),
        "2026-10-02T08:00:01Z",
    )
}

/// Checks that nothing that is stored would change.
async fn check(app: &TestApp) {
    app.verify().await;
    let mode = SettlementMode::Check;
    let rebuilt = recognition::actions::rebuild(app.context(), PROGRAMMES, mode, |_| {}).await;
    let entries: usize = rebuilt.expect("rebuilt").iter().map(|part| part.entries).sum();
    assert_eq!(entries, 0, "entries that a rebuild would post");
}

/// Checks that a pull request earns nothing, in whatever order its deliveries arrive, and the reason.
async fn earns_nothing(scenario: impl Fn() -> Scenario, reason: &str) {
    let mut reversed = scenario();
    reversed.deliveries.reverse();
    for scenario in [scenario(), reversed] {
        let app = TestApp::of_lantern().await;
        app.deliver_all(&[&scenario]).await;
        assert_eq!(app.net_ledger().await, [""; 0], "{reason}");
        let explained = app.explanation(1).await.join("\n");
        assert!(explained.contains(reason), "{explained}");
        check(&app).await;
        app.finish().await;
    }
}

async fn earns(scenario: &Scenario) {
    let app = TestApp::of_lantern().await;
    app.deliver_all(&[scenario]).await;
    assert_eq!(app.net_ledger().await, SCORED);
    check(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn auto_merge_by_the_author_is_a_self_merge() {
    let author = person("hexacat");
    let scenario = || {
        opened().then(Act::AutoMergeEnabled, &author, "2026-10-01T09:00:00Z").then(
            Act::Merged,
            &person("github-actions"),
            "2026-10-02T08:00:00Z",
        )
    };
    earns_nothing(scenario, "its author enabled auto-merge without a review").await;
}

#[tokio::test]
async fn the_merge_queue_merges_for_the_person_who_used_it() {
    let author = person("hexacat");
    let queued = |by: &Account| opened().then(Act::Enqueued, by, "2026-10-01T09:00:00Z");
    let reason = "its author added it to the merge queue without a review";
    earns_nothing(|| merged_by_queue(queued(&author)), reason).await;
    earns(&merged_by_queue(queued(&person("maintainer")))).await;
    // Without a review, but who used the queue is not known.
    earns(&opened().then(Act::Merged, &queue(), "2026-10-02T08:00:00Z")).await;
    // What left the queue without a merge was merged by a person.
    let left = queued(&author).then(Act::Dequeued("MANUAL"), &author, "2026-10-01T10:00:00Z");
    earns(&left.merged("2026-10-02T08:00:00Z")).await;
}

#[tokio::test]
async fn auto_merge_by_a_maintainer_is_their_decision() {
    let (author, maintainer) = (person("hexacat"), person("maintainer"));
    let enabled = |by: &Account| opened().then(Act::AutoMergeEnabled, by, "2026-10-01T09:00:00Z");
    earns(&enabled(&maintainer).then(Act::Merged, &author, "2026-10-02T08:00:00Z")).await;
    let reviewed = enabled(&author).approved("2026-10-01T10:00:00Z");
    earns(&reviewed.then(Act::Merged, &author, "2026-10-02T08:00:00Z")).await;
    let disabled = enabled(&author).then(Act::AutoMergeDisabled, &author, "2026-10-01T10:00:00Z");
    earns(&disabled.merged("2026-10-02T08:00:00Z")).await;
}

#[tokio::test]
async fn fair_play_sees_the_person_who_decided() {
    let app = TestApp::of_lantern().await;
    let scenario = opened().then(Act::Enqueued, &person("maintainer"), "2026-10-01T09:00:00Z");
    app.deliver_all(&[&merged_by_queue(scenario)]).await;
    let pull = github::reads::pull_request(&app.context().db, "octo-org/lantern", 1).await;
    let pull = pull.expect("read").expect("a pull request").id.into();
    let found = github::reads::endorsements(&app.context().db, &[pull]).await.expect("read");
    let decided_by = found[&pull].decided_by.expect("known");
    assert_eq!(decided_by.0, app.person_id("maintainer").await);
    // The merger does not replace a person without an account.
    app.change("UPDATE pull_requests SET decided_by_id = NULL").await.expect("changed");
    let found = github::reads::endorsements(&app.context().db, &[pull]).await.expect("read");
    assert!(found.get(&pull).is_none_or(|found| found.decided_by.is_none()), "{found:?}");
    app.finish().await;
}

/// Opens a pull request in November that its author enqueues and the queue merges.
fn of_november(number: i64, day: u32) -> Scenario {
    let author = person("hexacat");
    let on = |day: u32, hour: u32| format!("2026-11-{day:02}T{hour:02}:00:00Z");
    Scenario::opened(&repo(1, "lantern"), number, &author, &on(day, 1))
        .then(Act::Enqueued, &author, &on(day, 2))
        .then(Act::Merged, &queue(), &on(day, 3))
}

#[tokio::test]
async fn an_earlier_version_of_the_rules_decides_as_before_and_its_points_stay() {
    let app = TestApp::of_lantern().await;
    app.publish_as_before("{}").await;
    app.clock.set(at("2026-11-03T00:00:00Z"));
    app.deliver_all(&[&of_november(1, 2)]).await;
    let scored = ["#1  pr_merged +50 2026-11", "#1  pr_opened +10 2026-11"];
    assert_eq!(app.net_ledger().await, scored);
    let explained = app.explanation(1).await.join("\n");
    assert!(!explained.contains("patch"), "{explained}");
    check(&app).await;
    assert_eq!(publish(&app, "{}", Some(2)).await, Ok(3));
    app.work().await;
    check(&app).await;
    app.clock.set(at("2026-11-05T00:00:00Z"));
    app.deliver_all(&[&of_november(2, 4)]).await;
    assert_eq!(
        app.net_ledger().await,
        scored,
        "the second earns nothing, the first keeps its points"
    );
    check(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn reviews_by_an_account_that_the_rules_name_as_a_bot_do_not_count() {
    for (document, net) in [
        ("{\"merged\": 60}", &["#1  pr_merged +60 2026-11", "#1  pr_opened +10 2026-11"][..]),
        ("{\"exclude\": {\"bot_reviewers\": [\"@Maintainer\"]}}", &[][..]),
    ] {
        let app = TestApp::of_lantern().await;
        assert_eq!(publish(&app, document, None).await, Ok(2));
        app.clock.set(at("2026-11-03T00:00:00Z"));
        let author = person("hexacat");
        let scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-11-02T08:00:00Z")
            .approved("2026-11-02T09:00:00Z")
            .then(Act::Merged, &author, "2026-11-02T10:00:00Z");
        app.deliver_all(&[&scenario]).await;
        assert_eq!(app.net_ledger().await, net, "{document}");
        check(&app).await;
        app.finish().await;
    }
}
