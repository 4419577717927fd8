//! `GET /projects/{slug}/analytics` and its files.

use contributions::actions::{ProjectChange, change_project};
use platform::audit::Actor::Operator;

use super::{lines, server};
use crate::app::TestApp;

const PAGE: &str = "/projects/season/analytics";
const OCTOBER: &str = "from=2026-10-05&to=2026-11-01";

#[tokio::test]
async fn charts_have_a_text_alternative_a_table_and_a_file() {
    let app = server().await;
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get(&format!("{PAGE}?{OCTOBER}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    for words in [
        "<title id=\"volume-title\">Pull requests by week</title>",
        "Merged: lowest 0 in the week of 19 October 2026, highest 2 in the week of 12 October 2026",
        "Merge rate: lowest 67% in the week of 12 October 2026",
        "Median: lowest 2.0\u{a0}h",
        "Number of each rating",
        "Activity by weekday and hour",
        "<dd>80%</dd>",
        "<time datetime=\"2026-10-12\">12 Oct 2026</time>",
        "<td class=\"n\">67%</td>",
        "analytics.csv?from=2026-10-05&#38;to=2026-11-01&amp;table=weeks",
        "value=\"2026-10-05\"",
        "<a href=\"/people/hexacat\"><bdi>hexacat</bdi></a>",
        "aria-current=\"page\">Analytics</a>",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert_eq!(page.text.matches("<svg class=\"fluid\"").count(), 6);
    assert_eq!(page.text.matches("As a table").count(), 4);
    app.finish().await;
}

#[tokio::test]
async fn files_have_the_rows_of_the_page() {
    let app = server().await;
    let file = |table: &str| format!("{PAGE}.csv?{OCTOBER}&table={table}");
    let weeks = lines(&app, "wren-oak", &file("weeks")).await;
    assert_eq!(
        weeks,
        [
            "week,opened,reviewed,merged,closed,merge_rate_percent",
            "\"2026-10-05\",2,1,1,0,100",
            "\"2026-10-12\",2,0,2,1,66.67",
            "\"2026-10-19\",0,0,0,0,",
            "\"2026-10-26\",2,1,1,0,100",
            "\"Total\",6,2,4,1,80",
        ]
    );
    let times = lines(&app, "wren-oak", &file("times")).await;
    assert_eq!(times[1], "\"2026-10-05\",1,7200,7200,1,86400,86400");
    assert_eq!(times[3], "\"2026-10-19\",0,,,0,,");
    let ratings = lines(&app, "wren-oak", &file("ratings")).await;
    assert_eq!(ratings.last().map(String::as_str), Some("\"Total\",0,0,0,1,1,4.5"));
    let people = lines(&app, "wren-oak", &file("contributors")).await;
    assert_eq!(people.len(), 4, "{people:?}");
    assert!(people[1].starts_with("\"hexacat\",3,0,100,4,"), "{people:?}");
    let hours = lines(&app, "wren-oak", &file("hours")).await;
    assert!(hours.contains(&"\"Monday\",\"08:00\",3".to_owned()), "{hours:?}");
    let narrow = format!("{PAGE}.csv?{OCTOBER}&table=weeks&repository=octo-org/wick");
    let narrow = lines(&app, "wren-oak", &narrow).await;
    assert_eq!(narrow.last().map(String::as_str), Some("\"Total\",1,0,1,0,100"));
    let wren = app.browser_of("wren-oak").await;
    let unknown = wren.get(&file("nothing")).await;
    assert_eq!(unknown.status, 400, "{}", unknown.text);
    assert!(unknown.text.contains("Use one of weeks, times"), "{}", unknown.text);
    app.finish().await;
}

#[tokio::test]
async fn a_filter_that_is_not_valid_is_shown_again() {
    let app = TestApp::of_lantern().await;
    app.know_reviewer("season", "wren-oak").await;
    let wren = app.browser_of("wren-oak").await;
    let asked = "from=2026-13-01&to=2026-10-31&repository=octo-org/lantern";
    let refused = wren.get(&format!("{PAGE}?{asked}")).await;
    refused.refuses_form(422, Some("from"), "is not a day");
    for words in [
        "value=\"2026-13-01\"",
        "value=\"2026-10-31\"",
        "<option selected>octo-org/lantern</option>",
    ] {
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    let unknown = wren.get(&format!("{PAGE}?repository=octo-org/none")).await;
    unknown.refuses_form(422, Some("repository"), "No repository");
    app.finish().await;
}

#[tokio::test]
async fn a_project_without_pull_requests_says_so_and_an_archived_one_too() {
    let app = TestApp::of_lantern().await;
    app.know_reviewer("season", "wren-oak").await;
    let archived = ProjectChange { archived: Some(true), ..ProjectChange::default() };
    change_project(app.context(), Operator, "season", archived).await.expect("archived");
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get(PAGE).await.text;
    for words in ["No pull requests in these days", "Archived on"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let narrowed = wren.get(&format!("{PAGE}?repository=octo-org/lantern")).await;
    assert!(narrowed.text.contains("Show all repositories"), "{}", narrowed.text);
    app.finish().await;
}
