//! `POST /api/v1/opportunities/{id}/claim`.

use super::*;

#[tokio::test]
async fn a_person_claims_an_issue_for_seven_days() {
    let (_reef, app) = with_issues(2).await;
    let ada = app.browser_of("ada").await;
    let answer = ada.claim(&app, 1).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.header("location"), "/api/v1/me/claims");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let claim = answer.json();
    assert_eq!(claim["status"], "active");
    assert_eq!(claim["repository"], LANTERN);
    assert_eq!(claim["title"], "Sort the stations by column 1");
    assert!(claim["place_in_queue"].is_null() && claim["ended_at"].is_null());
    let at = |field: &str| crate::app::at(claim[field].as_str().expect("an instant"));
    assert_eq!(at("claimed_at"), app.context().now());
    assert_eq!(at("expires_at") - at("claimed_at"), TimeDelta::days(7));
    assert_eq!(claimed(&app).await, ["1 claimed by ada", "2 active"]);
    app.finish().await;
}

#[tokio::test]
async fn others_wait_in_the_queue() {
    let (_reef, app) = with_issues(1).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let cy = app.browser_of("cy").await;
    ada.claim(&app, 1).await;
    for (browser, place) in [(&bo, 1), (&cy, 2)] {
        let answer = browser.claim(&app, 1).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json()["status"], "queued");
        assert_eq!(answer.json()["place_in_queue"], place);
    }
    assert_eq!(claimed(&app).await, ["1 claimed by ada"]);
    app.finish().await;
}

#[tokio::test]
async fn a_person_claims_an_issue_once() {
    let (_reef, app) = with_issues(1).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    ada.claim(&app, 1).await;
    let again = ada.claim(&app, 1).await;
    again.refuses(409, "ALREADY_CLAIMED", "You work on this issue already");
    bo.claim(&app, 1).await;
    let again = bo.claim(&app, 1).await;
    again.refuses(409, "ALREADY_CLAIMED", "You are in the queue");
    app.finish().await;
}

#[tokio::test]
async fn claims_and_queues_are_limited() {
    let (_reef, app) = with_issues(9).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    for number in 1..=3 {
        assert_eq!(ada.claim(&app, number).await.status, 201);
    }
    let answer = ada.claim(&app, 4).await;
    answer.refuses(409, "CLAIM_LIMIT", "Complete or release one of them first");
    // Those who work on three issues can still be in queues.
    for number in 1..=3 {
        assert_eq!(bo.claim(&app, number).await.json()["status"], "queued");
    }
    let (cy, di) = (app.browser_of("cy").await, app.browser_of("di").await);
    for number in 4..=6 {
        assert_eq!(cy.claim(&app, number).await.json()["status"], "active");
    }
    for number in 4..=5 {
        assert_eq!(bo.claim(&app, number).await.json()["status"], "queued");
    }
    let answer = bo.claim(&app, 6).await;
    answer.refuses(409, "QUEUE_LIMIT", "Leave one of them first");
    assert_eq!(bo.claim(&app, 7).await.json()["status"], "active");
    assert_eq!(di.claim(&app, 6).await.json()["status"], "queued");
    app.finish().await;
}

#[tokio::test]
async fn an_issue_that_cannot_be_done_cannot_be_claimed() {
    let (reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    act(&reef, &app, 1, &IssueAct::Closed(false)).await;
    let answer = ada.claim(&app, 1).await;
    answer.refuses(409, "NOT_OPEN", "it is closed");
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_issue_cannot_be_claimed_nor_without_a_session() {
    let (_reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    let unknown = "/api/v1/opportunities/01931b6e-6c00-7000-8000-000000000020/claim";
    let answer = ada.call("POST", unknown, None).await;
    answer.refuses(404, "NOT_FOUND", "No issue with this ID");
    let malformed = "/api/v1/opportunities/seven/claim";
    assert_eq!(ada.call("POST", malformed, None).await.status, 400);
    let stranger = Browser::new(&app);
    let answer = stranger.claim(&app, 1).await;
    assert_eq!(answer.status, 401, "{}", answer.text);
    assert_eq!(claimed(&app).await, ["1 active"]);
    app.finish().await;
}

#[tokio::test]
async fn a_claim_is_kept_while_the_issue_changes() {
    let (reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    ada.claim(&app, 1).await;
    for what in [
        IssueAct::Commented("I look into it.".to_owned()),
        IssueAct::Edited(
            "Sort the stations by their names".to_owned(),
            Some("As the guide in docs/usage.md says.".to_owned()),
        ),
    ] {
        act(&reef, &app, 1, &what).await;
        assert_eq!(claimed(&app).await, ["1 claimed by ada"], "{what:?}");
    }
    app.run_schedule("OpportunityReview").await;
    assert_eq!(claimed(&app).await, ["1 claimed by ada"]);
    let title = "SELECT title AS value FROM opportunities";
    assert_eq!(app.values(title).await, ["Sort the stations by their names"]);
    app.finish().await;
}

#[tokio::test]
async fn claiming_and_releasing_all_the_time_is_refused() {
    let (reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    for _ in 0..20 {
        ada.claim(&app, 1).await;
        ada.release(&app, 1).await;
    }
    let path = format!("/api/v1/opportunities/{}/claim", opportunity(&app, 1).await);
    let answer = ada.call("POST", &path, None).await;
    answer.refuses(409, "CLAIM_LIMIT", "You claimed 20 issues in 24 hours");
    // It concerns no one else, and ends by itself.
    let bo = app.browser_of("bo").await;
    bo.claim(&app, 1).await;
    bo.release(&app, 1).await;
    reef.pass(&app, TimeDelta::hours(25));
    ada.claim(&app, 1).await;
    app.finish().await;
}
