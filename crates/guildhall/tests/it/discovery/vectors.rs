//! Searches by meaning: vectors of issues and searches, simulated with `fake openai`.

use platform::db::Engine;
use serde_json::{Value, json};
use testkit::fake_openai::{self, FakeOpenai};

use super::*;
use crate::app::browser::Browser;

/// A server with vectors, but without analyses: their budget is another matter.
async fn scene() -> (Reef, FakeOpenai, TestApp) {
    let reef = Reef::new().await;
    let openai = FakeOpenai::start().await.expect("a port");
    let app = reef.server_with(configure(&openai)).await;
    (reef, openai, app)
}

fn configure(openai: &FakeOpenai) -> impl FnOnce(&mut Config) + use<> {
    let url = openai.url().to_owned();
    move |config| {
        config.openai_base_url = url;
        config.openai_api_key = Some(fake_openai::KEY.to_owned().into());
    }
}

/// Searches until meanings were compared: on a busy machine, the vector of a search may be late, and is there for the next one.
async fn found(url: &str, query: &str) -> Value {
    for _ in 0..100 {
        let list = reqwest::get(format!("{url}/api/v1/opportunities?{query}")).await;
        let list: Value = list.expect("an answer").json().await.expect("JSON");
        let why = list["by_words_only"].as_str().unwrap_or_default();
        if !why.contains("in time") {
            return list;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{query}: no vector in ten seconds");
}

async fn titles(app: &TestApp, query: &str) -> Vec<String> {
    let list = found(&app.url, query).await;
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| item["title"].as_str().expect("a title").to_owned()).collect()
}

const PANIC: &str = "Panic in the parser";
const TIDES: &str = "Explain the tide table";

#[tokio::test]
async fn an_issue_with_other_words_for_the_same_thing_is_found() {
    let (reef, _openai, app) = scene().await;
    reef.open(LANTERN, PANIC, &["bug"]);
    reef.open(LANTERN, TIDES, &["documentation"]);
    follow(&app, &[LANTERN]).await;
    let query = "q=crash+grammar";
    assert_eq!(titles(&app, query).await, [PANIC]);
    assert_eq!(titles(&app, &format!("{query}&type=bug")).await, [PANIC]);
    assert_eq!(titles(&app, &format!("{query}&type=documentation")).await, [""; 0]);
    let list = found(&app.url, query).await;
    assert_eq!(list["total"], 1);
    assert_eq!(list["facets"]["label"], json!([{ "value": "bug", "count": 1 }]));
    assert!(list.get("by_words_only").is_none(), "{list}");
    let rows = "SELECT title AS value FROM opportunities WHERE content_embedding IS NOT NULL";
    assert_eq!(app.values(rows).await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn without_vectors_the_same_search_finds_nothing() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, PANIC, &["bug"]);
    reef.open(LANTERN, TIDES, &["documentation"]);
    follow(&app, &[LANTERN]).await;
    let list = app.json("/api/v1/opportunities?q=crash+grammar").await;
    assert_eq!(list["total"], 0);
    let keys: Vec<&String> = list.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["corrections", "facets", "items", "next_cursor", "total"]);
    app.finish().await;
}

#[tokio::test]
async fn vectors_follow_the_issues() {
    let (reef, openai, app) = scene().await;
    let number = reef.open(LANTERN, PANIC, &[]);
    follow(&app, &[LANTERN]).await;
    assert_eq!(titles(&app, "q=crash").await, [PANIC]);
    let made = openai.usage().embeddings;
    // A comment changes no text.
    reef.pass(&app, TimeDelta::minutes(20));
    reef.act(LANTERN, number, &IssueAct::Commented("octavia".to_owned()));
    read_again(&app).await;
    assert_eq!(openai.usage().embeddings, made);
    reef.pass(&app, TimeDelta::minutes(20));
    let edited = IssueAct::Edited(
        "Misprint on the button".to_owned(),
        Some("The word is wrong, see docs/usage.md.".to_owned()),
    );
    reef.act(LANTERN, number, &edited);
    read_again(&app).await;
    assert_eq!(openai.usage().embeddings, made + 1);
    becomes(&app, "q=crash+grammar", &[]).await;
    becomes(&app, "q=spelling+widget", &["Misprint on the button"]).await;
    reef.pass(&app, TimeDelta::minutes(20));
    reef.act(LANTERN, number, &IssueAct::Closed(true));
    read_again(&app).await;
    becomes(&app, "q=spelling+widget", &[]).await;
    app.finish().await;
}

/// Searches until the titles are those: the index follows changes beside searches.
async fn becomes(app: &TestApp, query: &str, expected: &[&str]) {
    for _ in 0..200 {
        if titles(app, query).await == expected {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{query}: {:?}", titles(app, query).await);
}

#[tokio::test]
async fn a_search_is_asked_about_once_and_counts_to_the_budget() {
    let (reef, openai, app) = scene().await;
    reef.open(LANTERN, PANIC, &[]);
    follow(&app, &[LANTERN]).await;
    let before = openai.usage().requests;
    for query in ["q=crash", "q=Crash", "q=++crash+", "q=crash&limit=1", "q=crash&type=bug"] {
        titles(&app, query).await;
    }
    assert_eq!(openai.usage().requests, before + 1);
    // Neither other orders nor lists without words need a vector.
    titles(&app, "q=tides&sort=recent").await;
    titles(&app, "").await;
    assert_eq!(openai.usage().requests, before + 1);
    let calls = "SELECT purpose || ' ' || outcome AS value FROM model_usage ORDER BY purpose";
    assert_eq!(
        app.values(calls).await,
        ["analysis answered", "embedding answered", "query answered"]
    );
    app.finish().await;
}

#[tokio::test]
async fn a_person_makes_a_number_of_searches_by_meaning_a_day() {
    let (reef, openai, app) = scene().await;
    reef.open(LANTERN, PANIC, &[]);
    follow(&app, &[LANTERN]).await;
    let (wren, rook) = (app.browser_of("wren-oak").await, app.browser_of("rook-elm").await);
    let path = |word: usize| format!("/api/v1/opportunities?q=panic+{word}");
    let words_only = async |browser: &Browser<'_>, word| {
        let list = browser.json(&path(word)).await;
        assert_eq!(list["items"][0]["title"], PANIC, "{list}");
        list["by_words_only"].as_str().unwrap_or_default().to_owned()
    };
    let before = openai.usage().requests;
    // A vector that is late is made nevertheless.
    for word in 0..100 {
        let why = words_only(&wren, word).await;
        assert!(why.is_empty() || why.contains("in time"), "{why}");
    }
    let why = words_only(&wren, 100).await;
    let made = openai.usage().requests - before;
    assert!(why.contains("many different words today"), "{why:?} after {made} calls");
    assert_eq!(openai.usage().requests, before + 100);
    assert_eq!(words_only(&wren, 7).await, "", "a search that was made before");
    assert!(!words_only(&rook, 100).await.contains("many different words"));
    app.finish().await;
}

#[tokio::test]
async fn a_service_that_fails_or_is_late_leaves_the_words() {
    let (reef, openai, app) = scene().await;
    reef.open(LANTERN, PANIC, &[]);
    follow(&app, &[LANTERN]).await;
    let browser = crate::app::browser::Browser::new(&app);
    type Fault = fn(&mut fake_openai::Switches);
    let faults: [(Fault, &str, &str); 3] = [
        (|own| own.errors = 1, "panic+one", "failed"),
        (|own| own.malformed = 1, "panic+two", "failed"),
        (|own| own.latency = 1_500, "panic+three", "did not answer in time"),
    ];
    for (fault, words, why) in faults {
        openai.switch(fault);
        let path = format!("/api/v1/opportunities?q={words}");
        let answer = browser.get(&path).await;
        let list: Value = answer.json();
        assert_eq!(list["items"][0]["title"], PANIC, "{list}");
        assert!(
            list["by_words_only"]
                .as_str()
                .is_some_and(|own| own.contains(why) || own.contains("in time")),
            "{list}"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let page = browser.get("/discover?q=panic+four").await;
    assert!(
        page.text.contains("By words only: the service that compares meanings"),
        "{}",
        page.text
    );
    openai.switch(|own| own.latency = 0);
    titles(&app, "q=panic+five").await;
    let page = browser.get("/discover?q=panic+five").await;
    assert!(!page.text.contains("By words only"), "{}", page.text);
    assert!(page.text.contains("and by their meaning"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn pages_of_a_search_by_both_list_each_issue_once() {
    let (reef, _openai, app) = scene().await;
    for number in 0..25 {
        let word = ["panic", "crash", "segfault"][number % 3];
        reef.open(LANTERN, &format!("The {word} of column {number}"), &[]);
    }
    follow(&app, &[LANTERN]).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let list = found(&app.url, &format!("q=crash&limit=4{cursor}")).await;
        assert_eq!(list["total"], 25);
        let items = list["items"].as_array().expect("items").iter();
        seen.extend(items.map(|item| item["number"].as_i64().expect("a number")));
        match list["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((all, seen.len()), (25, 25));
    app.finish().await;
}

#[tokio::test]
async fn a_restart_reads_the_stored_vectors() {
    let (reef, openai, app) = scene().await;
    reef.open(LANTERN, PANIC, &[]);
    follow(&app, &[LANTERN]).await;
    let made = openai.usage().embeddings;
    let again = app.sibling_with(configure(&openai)).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let stop = tokio_util::sync::CancellationToken::new();
    let serving = tokio::spawn(platform::web::serve(listener, again.router(None), stop.clone()));
    let list = found(&url, "q=crash").await;
    assert_eq!(list["items"][0]["title"], PANIC, "{list}");
    assert_eq!(openai.usage().embeddings, made + 1, "only that of the search");
    stop.cancel();
    serving.await.expect("ended");
    again.context.db.close().await;
    app.finish().await;
}

/// The index of PostgreSQL is there exactly where the extension is, and reads the stored vectors as this server does.
#[tokio::test]
async fn vectors_are_indexed_where_the_extension_is() {
    let (reef, _openai, app) = scene().await;
    if app.context().db.engine() == Engine::Sqlite {
        return app.finish().await;
    }
    reef.open(LANTERN, PANIC, &[]);
    reef.open(LANTERN, "Segfault in the grammar of tides", &[]);
    reef.open(LANTERN, TIDES, &[]);
    follow(&app, &[LANTERN]).await;
    let index = "SELECT indexdef AS value FROM pg_indexes WHERE indexname = 'idx_opportunities_content_embedding'";
    let index = app.values(index).await;
    let extension = app
        .values("SELECT extname::text AS value FROM pg_extension WHERE extname = 'vector'")
        .await;
    assert_eq!(index.len(), extension.len());
    if !extension.is_empty() {
        for part in ["USING hnsw", "vector_cosine_ops", "m='16'", "ef_construction='64'"] {
            assert!(index[0].contains(part), "{index:?}");
        }
        let nearest = format!(
            "SELECT o.title AS value FROM opportunities o, opportunities p WHERE p.title = '{PANIC}' \
             ORDER BY opportunity_vector(o.content_embedding)::vector(384) <=> opportunity_vector(p.content_embedding)"
        );
        assert_eq!(app.values(&nearest).await, [PANIC, "Segfault in the grammar of tides", TIDES]);
        let length = "SELECT (round(vector_norm(opportunity_vector(content_embedding))::numeric, 3))::text AS value FROM opportunities";
        assert_eq!(app.values(length).await, ["1.000"; 3]);
    }
    app.finish().await;
}
