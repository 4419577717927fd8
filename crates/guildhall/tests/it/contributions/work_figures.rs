//! The numbers of work: pages, filters, the order, and the API.

use contributions::model::ReviewAction;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Starts a server with open pull requests that wait for `wren-oak`.
async fn waiting(count: i64) -> TestApp {
    let app = TestApp::of_lantern().await;
    let opened = |number: i64| {
        let minute = format!("2026-10-30T08:{:02}:00Z", number % 60);
        Scenario::opened(&repo(1, "lantern"), number, &person("hexacat"), &minute)
    };
    let all: Vec<Scenario> = (1..=count).map(opened).collect();
    app.deliver_all(&all.iter().collect::<Vec<_>>()).await;
    app.know_reviewer("season", "wren-oak").await;
    app
}

#[tokio::test]
async fn long_lists_have_pages_and_the_numbers_agree() {
    let app = waiting(30).await;
    assert_eq!(app.work_of("wren-oak").await.len(), 30);
    let wren = app.browser_of("wren-oak").await;
    let first = wren.get("/work").await.text;
    assert!(first.contains("href=\"/work?page=2\"") && !first.contains("rel=\"prev\""), "{first}");
    let second = wren.get("/work?page=2").await.text;
    assert_eq!(second.matches("<h4>").count(), 5, "{second}");
    assert!(!second.contains("btn primary"), "the next one is on the first page: {second}");
    assert_eq!(wren.get("/work?page=99").await.text.matches("<h4>").count(), 5);
    for (wrong, says) in [("kind=none", "no kind of work"), ("due=soon", "Use one of stuck, late,")]
    {
        let refused = wren.get(&format!("/work?{wrong}")).await;
        assert_eq!(refused.status, 400, "{wrong}: {}", refused.text);
        assert!(refused.text.contains(says), "{wrong}: {}", refused.text);
    }
    let nothing = wren.get("/work?kind=changes").await.text;
    assert!(nothing.contains("Nothing needs your attention"), "known, but without work: {nothing}");
    let today = wren.get("/").await.text;
    assert!(today.contains("29 more things wait") && today.contains("22 more things"), "{today}");
    let page = wren.json("/api/v1/work?limit=20").await;
    assert_eq!(page["next_cursor"], "after-20");
    let rest = wren.json("/api/v1/work?limit=20&cursor=after-20").await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(10));
    assert!(rest["next_cursor"].is_null());
    let wrong = wren.get("/api/v1/work?cursor=x").await;
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    app.finish().await;
}

#[tokio::test]
async fn what_runs_out_first_is_on_top() {
    let app = waiting(3).await;
    let items = app.work_of("wren-oak").await;
    let due: Vec<&str> = items.iter().filter_map(|item| item["due"].as_str()).collect();
    assert_eq!(due.len(), 3);
    assert!(due.is_sorted(), "{due:?}");
    let only = app.browser_of("wren-oak").await.json("/api/v1/work?kind=flag").await;
    assert_eq!(only["items"].as_array().map(Vec::len), Some(0));
    app.finish().await;
}

#[tokio::test]
async fn a_review_of_another_person_is_not_counted() {
    let app = waiting(2).await;
    app.know_reviewer("season", "finch-ash").await;
    app.review("lantern", 1, "finch-ash", ReviewAction::Started).await.expect("started");
    app.work().await;
    assert_eq!(app.work_of("wren-oak").await.len(), 1);
    assert_eq!(app.work_of("finch-ash").await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_free_review_can_be_taken_and_given_back() {
    let app = waiting(1).await;
    app.know_reviewer("season", "finch-ash").await;
    let wren = app.browser_of("wren-oak").await;
    let reviews = "/pull-requests/octo-org/lantern/1/reviews";
    let page = wren.get("/work").await.text;
    for part in [
        "value=\"STARTED_REVIEW\">Start review",
        "nothing merged in",
        "href=\"https://github.com/octo-org/lantern/pull/1\"",
        "href=\"/pull-requests/octo-org/lantern/1\">Review</a>",
        "<h2 id=\"take\">Unassigned</h2>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Your week"), "nothing is done: {page}");
    assert!(!page.contains("id=\"yours\""), "no one has it: {page}");
    wren.post(reviews, &[("action", "STARTED_REVIEW")]).await.location();
    app.work().await;
    let page = wren.get("/work").await.text;
    for part in
        ["value=\"RELEASED\">Give back", "href=\"/pull-requests/octo-org/lantern/1\">Continue</a>"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Your week"), "a review that began is not done: {page}");
    assert!(page.contains("id=\"yours\"") && !page.contains("Unassigned"), "{page}");
    assert!(app.work_of("finch-ash").await.is_empty());
    wren.post(reviews, &[("action", "RATED"), ("rating", "4")]).await.location();
    wren.post(reviews, &[("action", "RELEASED")]).await.location();
    app.work().await;
    let page = wren.get("/work").await.text;
    assert!(page.contains("value=\"STARTED_REVIEW\">Start review"), "{page}");
    let done = "<dt>Reviews</dt><dd>1 <span class=\"meta\">pull request</span></dd>";
    assert!(page.contains(done), "{page}");
    assert_eq!(app.work_of("finch-ash").await.len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn what_is_taken_is_listed_before_what_is_free() {
    let app = waiting(3).await;
    app.review("lantern", 3, "wren-oak", ReviewAction::Started).await.expect("started");
    app.work().await;
    assert_eq!(app.work_of("wren-oak").await.len(), 3);
    let page = app.browser_of("wren-oak").await.get("/work").await.text;
    let (own, free) = page.split_once("<h2 id=\"take\">").expect("both shares");
    assert!(own.contains("<h2 id=\"yours\">Yours</h2>"), "{page}");
    assert_eq!((own.matches("<h4>").count(), free.matches("<h4>").count()), (1, 2), "{page}");
    assert!(own.contains(">Continue<") && !free.contains(">Continue<"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn things_are_listed_by_the_time_that_is_left() {
    let app = waiting(12).await;
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get("/work").await.text;
    assert!(page.contains("Later <span class=\"count\">12</span>"), "{page}");
    assert!(!page.contains("<details class=\"duepart\">"), "the most urgent are in sight: {page}");
    app.clock.advance(chrono::TimeDelta::days(35));
    let page = app.browser_of("wren-oak").await.get("/work").await.text;
    assert!(page.contains("<h1>12 reviews are late</h1>"), "{page}");
    assert!(page.contains("Late <span class=\"count\">12</span>"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn numbers_follow_time_although_nothing_changes() {
    let app = waiting(1).await;
    let wren = app.browser_of("wren-oak").await;
    assert!(wren.get("/work").await.text.contains("left"));
    app.clock.advance(chrono::TimeDelta::days(35));
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get("/work").await.text;
    assert!(page.contains("late") && page.contains("It is late."), "{page}");
    app.finish().await;
}
