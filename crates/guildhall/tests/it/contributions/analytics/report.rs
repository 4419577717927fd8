//! The report of a season: page, files and API.

use contributions::actions::{NewSanction, sanction};
use contributions::model::SanctionKind;
use identity::model::Role;
use platform::audit::Actor::Operator;
use serde_json::json;

use super::{lines, server};
use crate::{
    app::{TestApp, at},
    contributions::seasons::{AUTUMN, open_to_everyone, sign_off_season},
};

const PAGE: &str = "/seasons/autumn/report";
const API: &str = "/api/v1/seasons/autumn/report";

/// A season of October with the pull requests of [`server`], and with a warning.
async fn season() -> TestApp {
    let app = server().await;
    app.season(open_to_everyone()).await;
    app.browser_of("hexacat").await;
    app.registers("hexacat").await;
    let warning = NewSanction {
        login: "hexacat".to_owned(),
        kind: SanctionKind::Warning,
        reason: "to try".to_owned(),
    };
    sanction(app.context(), Operator, AUTUMN, &warning).await.expect("warned");
    app.work().await;
    app
}

async fn sign_off(app: &TestApp) {
    app.clock.set(at("2026-11-12T12:00:00Z"));
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    app.work().await;
}

#[tokio::test]
async fn a_report_is_public_when_the_results_are_final() {
    let app = season().await;
    app.refuses(API, 401, "SIGN_IN_REQUIRED", "").await;
    let other = app.browser_of("hexacat").await;
    let refused = other.call("GET", API, None).await;
    refused.refuses(403, "ORGANIZER_REQUIRED", "public when its results are final");
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let page = admin.get(PAGE).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("Provisional"), "{}", page.text);
    let provisional = admin.json(API).await;
    assert_eq!(provisional["final_at"], json!(null));
    assert_eq!(provisional["ranked_count"], json!(3), "{provisional}");
    sign_off(&app).await;
    let shown = app.json(API).await;
    assert_eq!(shown["final_at"], "2026-11-12T12:00:00Z");
    for (name, value) in [
        ("project_count", 1),
        ("participant_count", 1),
        ("ranked_count", 3),
        ("goal", 1),
        ("reached_goal_count", 2),
        ("warned_count", 1),
        ("disqualified_count", 0),
        ("opened", 6),
        // The merge on November 1 is after the season.
        ("merged", 3),
        ("closed", 1),
    ] {
        assert_eq!(shown[name], json!(value), "{name}: {shown}");
    }
    assert_eq!(shown["reached_goal_count"], provisional["reached_goal_count"]);
    assert_eq!(shown["people"][0]["login"], "hexacat");
    assert_eq!(shown["projects"][0]["project"], "season");
    let results = app.get("/seasons/autumn/results").send().await.expect("a page");
    assert!(results.text().await.expect("text").contains(PAGE));
    app.finish().await;
}

#[tokio::test]
async fn the_page_and_its_files_have_the_same_figures() {
    let app = season().await;
    sign_off(&app).await;
    let page = app.get(PAGE).send().await.expect("a page");
    let page = page.text().await.expect("text");
    for words in [
        "Report of <bdi>Autumn</bdi>",
        "reached by 2 people",
        "1 person has a warning",
        "<a href=\"/people/hexacat\"><bdi>hexacat</bdi></a>",
        "class=\"print-foot\"",
        "report.csv?project=&amp;table=weeks",
        "No flags.",
        "<h3>Mean rating by week</h3>\n\n<p>Nothing in these days.</p>",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let weeks = lines(&app, "hexacat", &format!("{PAGE}.csv?table=weeks")).await;
    assert_eq!(weeks.last().map(String::as_str), Some("\"Total\",6,1,3,1,75"));
    let people = lines(&app, "hexacat", &format!("{PAGE}.csv?table=people")).await;
    assert_eq!(people[0], "person,rank,merged,points,goal_reached");
    assert_eq!(people[1], "\"hexacat\",1,2,130,\"yes\"");
    assert!(people[3].ends_with(",\"no\""), "{people:?}");
    let projects = lines(&app, "hexacat", &format!("{PAGE}.csv?table=projects")).await;
    assert_eq!(projects[1], "\"season\",6,3,1,75");
    for table in ["badges", "fair_play", "times", "ratings", "hours"] {
        let found = lines(&app, "hexacat", &format!("{PAGE}.csv?table={table}")).await;
        assert!(!found.is_empty(), "{table}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_project_has_a_report_of_its_own() {
    let app = season().await;
    sign_off(&app).await;
    let shown = app.json(&format!("{API}?project=season")).await;
    assert_eq!(shown["project"], "season");
    assert_eq!(shown["badges"], json!([]));
    let people = shown["people"].as_array().expect("people");
    assert_eq!(people[0]["login"], "hexacat");
    assert_eq!((&people[0]["rank"], &people[0]["merged"]), (&json!(1), &json!(2)));
    app.refuses(&format!("{API}?project=elsewhere"), 404, "NOT_FOUND", "has no project").await;
    let page = app.get(&format!("{PAGE}?project=season")).send().await;
    let page = page.expect("a page").text().await.expect("text");
    assert!(page.contains("Top people in this project"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn people_who_left_leaderboards_are_not_named() {
    let app = season().await;
    app.ban("hexacat").await;
    sign_off(&app).await;
    for path in [API.to_owned(), format!("{API}?project=season")] {
        let shown = app.json(&path).await;
        assert!(!shown.to_string().contains("hexacat"), "{shown}");
    }
    let page = app.get(PAGE).send().await.expect("a page");
    let page = page.text().await.expect("text");
    assert!(!page.contains("hexacat"), "{page}");
    app.finish().await;
}
