//! Hostile text is escaped wherever it appears: on pages, in CSV, in JSON.

use serde_json::Value;
use testkit::story::Act;

use super::html;
use crate::app::{
    TestApp,
    markup::joined,
    scenarios::{Scenario, delivery, person, repo},
};

/// Returns markup, quotes, text directions, invisible characters, long text, formulas, Markdown and templates.
fn corpus() -> Vec<String> {
    let mut corpus: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'; DROP TABLE users; --",
        "</title></textarea></style><svg/onload=alert(1)>",
        "&lt;b&gt; &amp; &#60;",
        "javascript:alert(1)",
        "\u{202e}txet denrut \u{2066}isolated",
        "zero\u{200b}width\u{feff}\u{2060}",
        "=HYPERLINK(\"https://example.com\",\"click\")",
        "+1-1",
        "-2+3",
        "@SUM(1)",
        " =1+1",
        "\t=1+1",
        "[a](javascript:alert(1)) **b** `c` <https://example.com>",
        "{{ config }} {% include \"/etc/passwd\" %} ${7*7} #{7*7}",
        "שלום עולם",
        "🏳️‍🌈 e\u{301}\u{301}\u{301}",
        "a,b;c\"d\"\r\ne",
        "/../../etc/passwd?x=1#y",
    ]
    .map(str::to_owned)
    .into();
    corpus.push("W".repeat(64 * 1024));
    corpus
}

/// Escapes text like templates do.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;")
        .replace('<', "&#60;")
        .replace('>', "&#62;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;")
}

/// Delivers a pull request with a hostile title and label, and a login of its own. Its payloads are built with plain words
/// that are then replaced.
async fn deliver_hostile(app: &TestApp, number: i64, text: &str) {
    let author = person("plain-login");
    let mut scenario = Scenario::new(&repo(7, "lantern"), number, &author, "2026-10-05T08:00:00Z");
    scenario.story.pull.title = "plain title".into();
    let scenario = scenario
        .then(Act::Opened, &author, "2026-10-05T08:00:00Z")
        .labeled("plain label", "2026-10-05T09:00:00Z")
        .approved("2026-10-06T08:00:00Z")
        .merged("2026-10-06T09:00:00Z");
    let id = format!("\"id\":{},", author.id);
    let within = |text: &str| {
        let json = Value::from(text).to_string();
        json[1..json.len() - 1].to_owned()
    };
    for plain in &scenario.deliveries {
        let body = plain.body.get();
        assert!(body.contains(&id), "{body}");
        let body = body
            .replace("plain title", &within(text))
            .replace("plain label", &within(text))
            .replace("plain-login", &login(number))
            .replace(&id, &format!("\"id\":{},", 5_000_000 + number));
        app.deliver(&[delivery(&plain.event, &body)]).await;
    }
    app.work().await;
}

/// Returns the part of a text that is kept. GitHub's own titles and labels are no longer than that.
fn kept(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

/// Returns the login of a pull request's author. A login that breaks GitHub's naming rules is refused, so it cannot be hostile.
fn login(number: i64) -> String {
    format!("plain-login-{number}")
}

async fn text(app: &TestApp, path: &str) -> String {
    let answer = app.get(path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("text")
}

/// Parses the cells of CSV.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut emails = csv.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(email) = emails.next() {
        match email {
            '"' if quoted && emails.peek() == Some(&'"') => {
                emails.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            email => cell.push(email),
        }
    }
    rows
}

/// Returns a text as pages show it: without the characters that reverse what follows them.
fn unturned(text: &str) -> String {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !turns(*c)).collect()
}

#[tokio::test]
async fn titles_names_and_labels_are_escaped_everywhere() {
    let app = TestApp::with_lantern_of_id(7).await;
    for (number, text) in (1..).zip(corpus()) {
        deliver_hostile(&app, number, &text).await;
        let path = format!("/pull-requests/octo-org/lantern/{number}");
        let page = html(&app, &path).await;
        let (title, label) = (kept(&text, 256), kept(&text, 50));
        for text in [&title, &label] {
            let shown = joined(&format!("<bdi>{}</bdi>", escaped(&unturned(text))));
            assert!(page.contains(&shown), "{text:?}: {page}");
        }
        let login = format!("<bdi>{}", login(number));
        assert!(page.contains(&login), "the author of {text:?}: {page}");
        let json = app.json(&format!("/api/v1{path}")).await;
        assert_eq!(json["title"], Value::from(title));
        assert_eq!(json["labels"], Value::from(vec![label]));
    }
    lists(&app).await;
    app.finish().await;
}

/// Checks every list as a page and as CSV.
async fn lists(app: &TestApp) {
    for (page, csv, column) in [
        ("/projects/season", "/projects/season/pull-requests.csv", 1),
        ("/leaderboards", "/leaderboards/board.csv", 2),
    ] {
        let html = text(app, page).await;
        for banned in ["<script>alert", "<img src=x", "<svg/onload", "\u{0}"] {
            assert!(!html.contains(banned), "{page}: {banned}");
        }
        let rows = cells(&text(app, csv).await);
        assert_eq!(rows.len(), corpus().len() + 1, "{csv}");
        for row in &rows[1..] {
            assert_eq!(row.len(), rows[0].len(), "{csv}: {row:?}");
            let begins = row[column].trim_start().starts_with(['=', '+', '-', '@']);
            assert!(!begins, "{csv}: {:?}", row[column]);
        }
        for (number, text) in (1..).zip(corpus()) {
            let wanted = match column {
                1 => kept(&text, 256),
                _ => login(number),
            };
            let is_there =
                |row: &Vec<String>| row[column] == wanted || row[column] == format!("'{wanted}");
            assert!(rows.iter().any(is_there), "{csv}: {wanted:?}");
        }
    }
}

/// PostgreSQL cannot store NUL in text, so it is dropped on arrival, on both engines.
#[tokio::test]
async fn a_nul_character_is_dropped() {
    let mut app = TestApp::with_lantern_of_id(7).await;
    app.may_leave_work();
    deliver_hostile(&app, 1, "nul\0here").await;
    let dead = app.count("SELECT count(*) FROM webhook_deliveries WHERE dead_at IS NOT NULL").await;
    assert_eq!(dead, 0);
    let page = html(&app, "/pull-requests/octo-org/lantern/1").await;
    assert!(!page.contains('\0'), "{page}");
    app.abandon().await;
}
