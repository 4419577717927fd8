//! `POST /api/v1/opportunities/{id}/release`.

use super::*;

#[tokio::test]
async fn the_next_in_the_queue_gets_a_released_issue() {
    let (_reef, app) = with_issues(1).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let cy = app.browser_of("cy").await;
    for browser in [&ada, &bo, &cy] {
        browser.claim(&app, 1).await;
    }
    let released = ada.release(&app, 1).await;
    assert_eq!(released.status, 200, "{}", released.text);
    assert_eq!(released.json()["status"], "released");
    app.work().await;
    assert_eq!(claimed(&app).await, ["1 claimed by bo"]);
    assert_eq!(bo.claims().await, ["1 active"]);
    assert_eq!(cy.claims().await, ["1 queued 1"]);
    assert_eq!(ada.claims().await, ["1 released"]);
    let turn = "*Your turn: octo-org/lantern#1 Sort the stations by column 1";
    assert_eq!(app.inbox(&bo).await, [turn]);
    assert!(app.inbox(&ada).await.is_empty() && app.inbox(&cy).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn a_place_in_the_queue_is_released() {
    let (_reef, app) = with_issues(1).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let cy = app.browser_of("cy").await;
    for browser in [&ada, &bo, &cy] {
        browser.claim(&app, 1).await;
    }
    bo.release(&app, 1).await;
    assert_eq!(claimed(&app).await, ["1 claimed by ada"]);
    assert_eq!(cy.claims().await, ["1 queued 1"]);
    app.finish().await;
}

#[tokio::test]
async fn a_person_at_their_limit_is_passed_over_until_they_release_another() {
    let (_reef, app) = with_issues(4).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    ada.claim(&app, 4).await;
    for number in 1..=4 {
        bo.claim(&app, number).await;
    }
    ada.release(&app, 4).await;
    app.work().await;
    assert_eq!(claimed(&app).await[3], "4 active");
    bo.release(&app, 2).await;
    app.work().await;
    assert_eq!(
        claimed(&app).await,
        ["1 claimed by bo", "2 active", "3 claimed by bo", "4 claimed by bo"]
    );
    app.finish().await;
}

#[tokio::test]
async fn what_is_not_claimed_cannot_be_released() {
    let (_reef, app) = with_issues(1).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    ada.claim(&app, 1).await;
    let answer = bo.release(&app, 1).await;
    answer.refuses(409, "NOT_CLAIMED", "You have no open claim");
    ada.release(&app, 1).await;
    let answer = ada.release(&app, 1).await;
    answer.refuses(409, "NOT_CLAIMED", "You have no open claim");
    let unknown = "/api/v1/opportunities/01931b6e-6c00-7000-8000-000000000020/release";
    let answer = ada.call("POST", unknown, None).await;
    answer.refuses(404, "NOT_FOUND", "No issue with this ID");
    let answer = Browser::new(&app).release(&app, 1).await;
    assert_eq!(answer.status, 401);
    app.finish().await;
}

#[tokio::test]
async fn changes_of_claims_are_in_the_order_of_changes() {
    let (_reef, app) = with_issues(3).await;
    let ada = app.browser_of("ada").await;
    let seqs = async || {
        app.values("SELECT CAST(changed_seq AS text) AS value FROM opportunities ORDER BY number")
            .await
    };
    assert_eq!(seqs().await, ["1", "2", "3"]);
    ada.claim(&app, 1).await;
    assert_eq!(seqs().await, ["4", "2", "3"]);
    ada.release(&app, 1).await;
    assert_eq!(seqs().await, ["5", "2", "3"]);
    app.finish().await;
}
