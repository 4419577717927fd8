//! Claims end by time.

use super::*;

#[tokio::test]
async fn a_claim_expires_and_the_next_person_has_seven_days() {
    let (reef, app) = with_issues(1).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    ada.claim(&app, 1).await;
    bo.claim(&app, 1).await;
    pass(&reef, &app, TimeDelta::days(7) - TimeDelta::seconds(1)).await;
    assert_eq!(claimed(&app).await, ["1 claimed by ada"]);
    pass(&reef, &app, TimeDelta::seconds(1)).await;
    assert_eq!(claimed(&app).await, ["1 claimed by bo"]);
    assert_eq!(ada.claims().await, ["1 expired"]);
    pass(&reef, &app, TimeDelta::days(7)).await;
    assert_eq!(claimed(&app).await, ["1 active"]);
    assert_eq!(bo.claims().await, ["1 expired"]);
    let again = ada.claim(&app, 1).await;
    assert_eq!(again.json()["status"], "active");
    assert_eq!(ada.claims().await, ["1 active", "1 expired"]);
    app.finish().await;
}

#[tokio::test]
async fn a_person_is_reminded_once_a_day_before_the_end() {
    let (reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    ada.claim(&app, 1).await;
    pass(&reef, &app, TimeDelta::days(6) - TimeDelta::seconds(1)).await;
    assert!(app.inbox(&ada).await.is_empty());
    for _ in 0..3 {
        pass(&reef, &app, TimeDelta::seconds(1)).await;
    }
    let reminder = "*Your claim ends soon: octo-org/lantern#1 Sort the stations by column 1";
    assert_eq!(app.inbox(&ada).await, [reminder]);
    pass(&reef, &app, TimeDelta::days(1)).await;
    let expired = "*Your claim expired: octo-org/lantern#1 Sort the stations by column 1";
    assert_eq!(app.inbox(&ada).await, [expired, reminder]);
    app.finish().await;
}

#[tokio::test]
async fn a_person_who_releases_early_is_not_reminded() {
    let (reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    ada.claim(&app, 1).await;
    reef.pass(&app, TimeDelta::days(6) + TimeDelta::hours(1));
    app.run_schedule("ClaimDeadlines").await;
    ada.release(&app, 1).await;
    app.work().await;
    assert!(app.inbox(&ada).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn those_who_are_banned_are_passed_over() {
    let (reef, app) = with_issues(1).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let cy = app.browser_of("cy").await;
    for browser in [&ada, &bo, &cy] {
        browser.claim(&app, 1).await;
    }
    app.ban("bo").await;
    pass(&reef, &app, TimeDelta::days(7)).await;
    assert_eq!(claimed(&app).await, ["1 claimed by cy"]);
    app.finish().await;
}
