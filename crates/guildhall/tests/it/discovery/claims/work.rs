//! A claim that ends soon is work of its person.

use super::*;

#[tokio::test]
async fn a_claim_is_work_from_a_day_before_its_end_until_it_is_released() {
    let (reef, app) = with_issues(1).await;
    let ada = app.browser_of("ada").await;
    app.browser_of("bo").await.claim(&app, 1).await;
    app.browser_of("bo").await.release(&app, 1).await;
    ada.claim(&app, 1).await;
    let ends = app.context().now() + TimeDelta::days(7);
    reef.pass(&app, TimeDelta::days(6) - TimeDelta::hours(1));
    app.is_done("ada", "claim").await;
    reef.pass(&app, TimeDelta::hours(2));
    let task = app.waits("ada", "claim").await;
    assert_eq!(task["title"], "Open a pull request for “Sort the stations by column 1”");
    assert_eq!(task["line"], "octo-org/lantern #1");
    assert_eq!(task["action"], "See the issue");
    assert_eq!(at(task["due"].as_str().expect("a deadline")), ends);
    let address = format!("/discover/{}", opportunity(&app, 1).await);
    assert_eq!(task["address"], address);
    let ada = app.browser_of("ada").await;
    let page = ada.get(&address).await.text;
    assert!(page.contains("/release") && page.contains("gives you more time"), "{page}");
    for page in ["/", "/work"] {
        let page = ada.get(page).await.text;
        assert!(
            page.contains("23\u{a0}h") && page.contains("Sort the stations by column 1"),
            "{page}"
        );
    }
    app.is_done("bo", "claim").await;
    ada.release(&app, 1).await;
    app.is_done("ada", "claim").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_claim_that_expired_is_no_work() {
    let (reef, app) = with_issues(1).await;
    app.browser_of("ada").await.claim(&app, 1).await;
    reef.pass(&app, TimeDelta::days(7) - TimeDelta::minutes(5));
    app.waits("ada", "claim").await;
    pass(&reef, &app, TimeDelta::minutes(5)).await;
    app.is_done("ada", "claim").await;
    app.finish().await;
}

#[tokio::test]
async fn a_pull_request_that_extends_a_claim_is_enough() {
    let (reef, app) = with_issues(1).await;
    let octavia = finder(&reef, &app, "octavia").await;
    octavia.claim(&app, 1).await;
    reef.pass(&app, TimeDelta::days(6) + TimeDelta::hours(1));
    let waiting = async || {
        let octavia = finder(&reef, &app, "octavia").await;
        let list = octavia.json("/api/v1/work?kind=claim").await;
        list["items"].as_array().expect("items").len()
    };
    assert_eq!(waiting().await, 1);
    draft(&reef, "octavia", "Fixes #1");
    reef.pass(&app, TimeDelta::minutes(20));
    read_again(&app).await;
    assert_eq!(waiting().await, 0);
    // It waits for others, so its author is not asked again before its end.
    reef.pass(&app, TimeDelta::days(6) + TimeDelta::hours(1));
    assert_eq!(octavia.claims().await, ["1 active"]);
    assert_eq!(waiting().await, 0);
    app.finish().await;
}
