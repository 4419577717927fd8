//! Claims follow from pull requests, in a followed repository that is not registered: GitHub states them with the issue.

use super::*;

/// Lets time pass, and reads issues and the pull requests that would close those that are claimed.
async fn read(reef: &Reef, app: &TestApp) {
    reef.pass(app, TimeDelta::minutes(20));
    read_again(app).await;
}

/// Returns the day on which the claim of an issue ends, counted from the claim.
async fn ends_after(app: &TestApp) -> Vec<String> {
    let sql = format!(
        "SELECT CAST(({} - {}) / 86400 AS text) || CASE WHEN c.extended THEN ' extended' ELSE '' END AS value \
         FROM opportunity_claims c JOIN opportunities o ON o.id = c.opportunity_id AND o.expires_at = c.expires_at \
         WHERE c.status = 'active'",
        epoch(app, "c.expires_at"),
        epoch(app, "c.claimed_at")
    );
    app.values(&sql).await
}

fn epoch(app: &TestApp, column: &str) -> String {
    use platform::db::Sql as _;
    app.context().db.epoch_seconds(column)
}

#[tokio::test]
async fn a_merged_pull_request_completes_the_claim() {
    let (reef, app) = with_issues(1).await;
    let octavia = finder(&reef, &app, "octavia").await;
    let hexacat = finder(&reef, &app, "hexacat").await;
    octavia.claim(&app, 1).await;
    hexacat.claim(&app, 1).await;
    let number = draft(&reef, "octavia", "Fixes #1");
    read(&reef, &app).await;
    assert_eq!(claimed(&app).await, ["1 claimed by octavia"]);
    reef.pass(&app, TimeDelta::hours(1));
    change(&reef, number, Act::ReadyForReview);
    reef.github.merge(LANTERN, number, "rook-elm").expect("merged");
    read(&reef, &app).await;
    assert_eq!(octavia.claims().await, [format!("1 completed, octo-org/lantern#{number}, merged")]);
    assert_eq!(claimed(&app).await, ["1 completed"]);
    let ended = hexacat.claims().await;
    assert!(ended[0].starts_with("1 released, "), "{ended:?}");
    let title = "*Merged: octo-org/lantern#1 Sort the stations by column 1";
    assert_eq!(app.inbox(&octavia).await, [title]);
    // Nothing else follows.
    read(&reef, &app).await;
    pass(&reef, &app, TimeDelta::days(8)).await;
    assert_eq!(app.inbox(&octavia).await, [title]);
    assert_eq!(claimed(&app).await, ["1 completed"]);
    app.finish().await;
}

#[tokio::test]
async fn an_open_pull_request_extends_the_claim_while_something_happens_to_it() {
    let (reef, app) = with_issues(1).await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    pass(&reef, &app, TimeDelta::days(5)).await;
    let number = draft(&reef, "octavia", "Closes: octo-org/lantern#1");
    read(&reef, &app).await;
    assert_eq!(ends_after(&app).await, ["12 extended"]);
    for _ in 0..9 {
        reef.pass(&app, TimeDelta::days(6));
        change(&reef, number, Act::Edited("Sort".to_owned()));
        read(&reef, &app).await;
        pass(&reef, &app, TimeDelta::zero()).await;
    }
    // It lasts 60 days at most.
    assert_eq!(ends_after(&app).await, ["60 extended"]);
    pass(&reef, &app, TimeDelta::days(1)).await;
    let octavia = finder(&reef, &app, "octavia").await;
    assert_eq!(octavia.claims().await, ["1 expired"]);
    // The issue is not shown while the pull request is open.
    assert_eq!(claimed(&app).await, ["1 expired"]);
    app.finish().await;
}

#[tokio::test]
async fn a_pull_request_that_is_closed_does_not_end_the_claim_before_its_time() {
    let (reef, app) = with_issues(1).await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    let number = draft(&reef, "octavia", "Resolves #1");
    read(&reef, &app).await;
    change(&reef, number, Act::Closed);
    read(&reef, &app).await;
    assert_eq!(octavia.claims().await, ["1 active"]);
    change(&reef, number, Act::Reopened);
    reef.pass(&app, TimeDelta::days(3));
    change(&reef, number, Act::Edited("Sort".to_owned()));
    read(&reef, &app).await;
    assert_eq!(ends_after(&app).await, ["10 extended"]);
    change(&reef, number, Act::Closed);
    read(&reef, &app).await;
    pass(&reef, &app, TimeDelta::days(8)).await;
    assert_eq!(octavia.claims().await, ["1 expired, closed"]);
    assert_eq!(claimed(&app).await, ["1 active"]);
    app.finish().await;
}

#[tokio::test]
async fn a_merged_pull_request_of_another_person_ends_the_claim() {
    let (reef, app) = with_issues(1).await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    let number = draft(&reef, "hexacat", "Fixes #1");
    read(&reef, &app).await;
    assert_eq!(octavia.claims().await, ["1 active"]);
    change(&reef, number, Act::ReadyForReview);
    reef.github.merge(LANTERN, number, "rook-elm").expect("merged");
    read(&reef, &app).await;
    assert_eq!(
        octavia.claims().await,
        [format!("1 released, octo-org/lantern#{number}, by another person, was merged")]
    );
    assert_eq!(claimed(&app).await, ["1 completed"]);
    app.finish().await;
}

#[tokio::test]
async fn a_merge_before_the_end_counts_even_if_it_is_learned_later() {
    let (reef, app) = with_issues(1).await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    reef.pass(&app, TimeDelta::days(7) - TimeDelta::minutes(5));
    let number = draft(&reef, "octavia", "Fixes #1");
    change(&reef, number, Act::ReadyForReview);
    reef.github.merge(LANTERN, number, "rook-elm").expect("merged");
    pass(&reef, &app, TimeDelta::minutes(10)).await;
    assert_eq!(octavia.claims().await, ["1 expired"]);
    read(&reef, &app).await;
    assert_eq!(octavia.claims().await, [format!("1 completed, octo-org/lantern#{number}, merged")]);
    app.finish().await;
}

#[tokio::test]
async fn an_assignment_of_the_claimant_keeps_the_claim() {
    let (reef, app) = with_issues(1).await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    act(&reef, &app, 1, &IssueAct::Assigned("octavia".to_owned())).await;
    assert_eq!(octavia.claims().await, ["1 active"]);
    assert_eq!(claimed(&app).await, ["1 claimed by octavia"]);
    act(&reef, &app, 1, &IssueAct::Labeled("in progress".to_owned())).await;
    assert_eq!(octavia.claims().await, ["1 active"]);
    act(&reef, &app, 1, &IssueAct::Assigned("hexacat".to_owned())).await;
    assert_eq!(octavia.claims().await, ["1 released, it is assigned to someone"]);
    app.finish().await;
}

#[tokio::test]
async fn only_claimed_issues_cost_requests() {
    let (reef, app) = with_issues(3).await;
    let octavia = finder(&reef, &app, "octavia").await;
    let requests = async || {
        let before = reef.github.requests();
        read(&reef, &app).await;
        reef.github.requests() - before
    };
    requests().await;
    let usual = requests().await;
    octavia.claim(&app, 1).await;
    octavia.claim(&app, 2).await;
    assert_eq!(requests().await, usual + 1);
    octavia.release(&app, 1).await;
    octavia.release(&app, 2).await;
    reef.pass(&app, TimeDelta::days(9));
    requests().await;
    assert_eq!(requests().await, usual);
    app.finish().await;
}
