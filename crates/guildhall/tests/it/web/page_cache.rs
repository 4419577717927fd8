use futures_util::future::join_all;
use identity::model::Role;
use platform::db::Sql as _;
use reqwest::{StatusCode, header};

use crate::app::{
    TestApp, at, client,
    scenarios::{Scenario, person, repo},
};

/// Starts a server whose empty leaderboard was requested once.
async fn seen() -> TestApp {
    let app = TestApp::of_lantern().await;
    for path in ["/leaderboards", "/api/v1/leaderboards/global"] {
        app.get(path).send().await.expect("an answer");
    }
    app
}

fn scenario(number: i64) -> Scenario {
    let repo = repo(1, "lantern");
    Scenario::opened(&repo, number, &person("wren-oak"), "2026-10-02T08:00:00Z")
        .approved("2026-10-03T08:00:00Z")
        .merged("2026-10-04T09:00:00Z")
}

async fn board(app: &TestApp) -> (String, String) {
    let text = async |path| {
        let answer = app.get(path).send().await.expect("an answer");
        answer.text().await.expect("text")
    };
    (text("/leaderboards").await, text("/api/v1/leaderboards/global").await)
}

#[tokio::test]
async fn a_commit_of_another_process_is_seen_at_once() {
    let app = seen().await;
    let (page, json) = board(&app).await;
    assert!(!page.contains("wren-oak") && !json.contains("wren-oak"));
    // Separate connections: this process does not know about their commits.
    let other = app.sibling().await;
    app.deliver(&scenario(1).deliveries).await;
    for _ in 0..4 {
        for worker in other.jobs().workers {
            let id = other.context.ids.next();
            worker.run(other.context.clone(), id).await.expect("worked");
        }
    }
    let (page, json) = board(&app).await;
    assert!(page.contains("wren-oak") && json.contains("wren-oak"), "{json}");
    other.context.db.close().await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_leaderboard_that_changes_all_the_time_is_never_stale() {
    let app = seen().await;
    let other = app.sibling().await;
    for points in 1..20 {
        let tx = other.context.begin().await.expect("a transaction");
        let sql = format!("UPDATE projects SET name = 'renamed-{points}'");
        tx.run(tx.statement(&sql, [])).await.expect("renamed");
        tx.commit().await.expect("committed");
        let shown = app.json("/api/v1/projects").await;
        assert_eq!(shown["items"][0]["name"], format!("renamed-{points}"));
    }
    other.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn a_page_is_rendered_once_while_nothing_changes() {
    let (app, count) = TestApp::counted().await;
    let cost = async || {
        count.take();
        app.get("/leaderboards").send().await.expect("an answer");
        count.take()
    };
    assert!(cost().await > 1, "it is rendered from the database");
    for _ in 0..20 {
        assert_eq!(cost().await, 1, "it is kept: only the version is looked up");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_parameter_that_no_page_reads_makes_no_other_page() {
    let (app, count) = TestApp::counted().await;
    for path in ["/leaderboards", "/projects", "/guides", "/", "/leaderboards/card.svg"] {
        let ask = async |query: &str| {
            let answer = app.get(&format!("{path}{query}")).send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK, "{path}{query}");
            answer.text().await.expect("text")
        };
        let page = ask("").await;
        count.take();
        for number in 0..5 {
            for query in
                [format!("?{number}"), format!("?x={number}"), format!("?a&cursor2={number}")]
            {
                assert_eq!(ask(&query).await, page, "{path}{query}");
                assert_eq!(count.take(), 1, "{path}{query}: only the version is looked up");
            }
        }
    }
    app.finish().await;
}

/// Titles and names are in JSON as they were written, and pages show them to everyone.
#[tokio::test]
async fn no_text_is_taken_for_a_slot() {
    let app = TestApp::of_lantern().await;
    for name in ["a <!--slot--> b", "<!--0123456789abcdef0123456789abcdef-->", "\" <!-- --> <b>"] {
        let sql = format!("UPDATE projects SET name = '{name}'");
        app.change(&sql).await.expect("renamed");
        let shown = app.json("/api/v1/projects").await;
        assert_eq!(shown["items"][0]["name"], name);
        let page = app.get("/projects").send().await.expect("an answer");
        let page = page.text().await.expect("HTML");
        assert!(
            page.contains("href=\"/sign-in?return=%2Fprojects\"") && !page.contains(name),
            "{page}"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn many_requests_for_a_changed_page_render_it_once() {
    const REQUESTS: usize = 24;
    let (app, count) = TestApp::counted().await;
    let ask = async || {
        let answer = app.get("/").send().await.expect("an answer");
        answer.text().await.expect("text")
    };
    count.take();
    ask().await;
    let one = count.take();
    assert!(one > 3, "only {one} statements render it");
    app.change("UPDATE users SET updated_at = created_at").await.expect("changed");
    count.take();
    let pages = join_all((0..REQUESTS).map(|_| ask())).await;
    assert!(pages.iter().all(|page| *page == pages[0]));
    // Each request looks the version up.
    let all = count.take();
    assert!(all <= one + REQUESTS, "{all} statements instead of {one}");
    app.finish().await;
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let app = TestApp::of_lantern().await;
    let first = app.get("/leaderboards").send().await.expect("an answer");
    let tag = first.headers()[header::ETAG].clone();
    assert_eq!(first.headers()[header::VARY], "accept-encoding");
    let known = app.get("/leaderboards").header(header::IF_NONE_MATCH, &tag);
    let known = known.send().await.expect("an answer");
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(known.headers()[header::ETAG], tag);
    let policy = header::CONTENT_SECURITY_POLICY;
    assert_eq!(known.headers()[&policy], first.headers()[&policy]);
    assert_eq!(known.text().await.expect("nothing"), "");
    app.change("UPDATE projects SET name = 'Another name'").await.expect("renamed");
    let changed = app.get("/projects").header(header::IF_NONE_MATCH, &tag);
    assert_eq!(changed.send().await.expect("an answer").status(), StatusCode::OK);
    app.finish().await;
}

#[tokio::test]
async fn every_encoding_has_the_same_content() {
    let app = TestApp::of_lantern().await;
    let plain = app.get("/projects").send().await.expect("an answer");
    let plain_tag = plain.headers()[header::ETAG].clone();
    assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
    let length = plain.bytes().await.expect("bytes").len();
    for (accepted, coding) in [("gzip, br", "br"), ("gzip", "gzip"), ("br, zstd", "zstd")] {
        // Twice: first rendered, then cached.
        for _ in 0..2 {
            let asked = app.get("/projects").header(header::ACCEPT_ENCODING, accepted);
            let answer = asked.send().await.expect("an answer");
            assert_eq!(answer.headers()[header::CONTENT_ENCODING], coding);
            assert_ne!(answer.headers()[header::ETAG], plain_tag);
            assert!(answer.headers().contains_key(header::CONTENT_SECURITY_POLICY));
            assert!(answer.bytes().await.expect("bytes").len() < length);
        }
    }
    let head = client();
    let head = head.head(format!("{}/projects", app.url)).send().await;
    let head = head.expect("an answer");
    assert_eq!(head.headers()[header::ETAG], plain_tag);
    assert_eq!(head.headers()[header::CONTENT_LENGTH], length.to_string());
    app.finish().await;
}

#[tokio::test]
async fn answers_to_a_cookie_are_not_cached_by_proxies() {
    let app = TestApp::of_lantern().await;
    let with = |path: &str| app.get(path).header(header::COOKIE, "session=one");
    let first = with("/projects").send().await.expect("an answer");
    assert_eq!(first.headers()[header::CACHE_CONTROL], "private, no-cache");
    let open = app.get("/projects").send().await.expect("an answer");
    assert_eq!(open.headers()[header::CACHE_CONTROL], "no-cache", "not what was said to one");
    let again = with("/projects").send().await.expect("an answer");
    assert_eq!(again.headers()[header::CACHE_CONTROL], "private, no-cache");
    app.finish().await;
}

#[tokio::test]
async fn one_rendered_page_serves_everyone_with_their_own_name() {
    let (app, count) = TestApp::counted().await;
    app.project("lantern").await;
    let wren = app.browser_of("wren-oak").await;
    let finch = app.browser_with("finch-ash", Role::Admin).await;
    for path in ["/projects/lantern", "/people/wren-oak", "/people/unknown-login"] {
        let wren = wren.get(path).await.text;
        let finch = finch.get(path).await.text;
        let anybody = app.get(path).send().await.expect("an answer");
        let anybody = anybody.text().await.expect("HTML");
        assert!(wren.contains("Signed in as wren-oak") && wren.contains("/inbox"));
        assert!(!wren.contains("\"/admin") && !wren.contains("finch-ash"));
        assert!(finch.contains("Signed in as finch-ash") && finch.contains("href=\"/admin\""));
        assert!(anybody.contains("href=\"/sign-in?return=%2F") && !anybody.contains("/inbox"));
        for page in [wren, finch, anybody] {
            assert!(!page.contains(platform::web::slot()), "{path}");
        }
    }
    finch.get("/projects/lantern").await;
    for _ in 0..20 {
        count.take();
        finch.get("/projects/lantern").await;
        let statements = count.take();
        assert_eq!(statements, 2, "only who asks and the version are looked up");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_cached_page_follows_the_calendar() {
    let app = TestApp::start().await;
    let month = |html: String| html.contains("/leaderboards/months/2026-12");
    let before = app.get("/leaderboards").send().await.expect("an answer");
    assert!(!month(before.text().await.expect("HTML")));
    app.clock.set(at("2026-12-01T00:00:30Z"));
    let after = app.get("/leaderboards").send().await.expect("an answer");
    assert!(month(after.text().await.expect("HTML")), "this month has a tab");
    app.finish().await;
}

#[tokio::test]
async fn a_stream_is_not_compressed_or_cached() {
    let app = TestApp::start().await;
    let stream = app.get("/live").header(header::ACCEPT_ENCODING, "gzip, br, zstd");
    let stream = stream.send().await.expect("an answer");
    assert_eq!(stream.headers()[header::CONTENT_TYPE], "text/event-stream");
    for name in [header::CONTENT_ENCODING, header::ETAG] {
        assert!(!stream.headers().contains_key(&name), "{name}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_table_is_cached_like_a_page() {
    let app = TestApp::of_lantern().await;
    let ask = || app.get("/leaderboards/board.csv");
    let first = ask().send().await.expect("an answer");
    let tag = first.headers()[header::ETAG].clone();
    assert!(first.headers().contains_key(header::CONTENT_DISPOSITION));
    let known = ask().header(header::IF_NONE_MATCH, tag);
    let known = known.send().await.expect("an answer");
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    app.finish().await;
}
