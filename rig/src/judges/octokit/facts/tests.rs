use serde_json::{Value, json};

use super::{super::payloads::Payload, Expected, Facts, Row, row_differences};

fn pull(updated_at: &str, more: &Value) -> Payload {
    let mut pull = json!({"id": 7, "number": 3, "state": "open", "merged_at": null, "closed_at": null,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": updated_at, "user": {"login": "octocat"}});
    for (name, value) in more.as_object().expect("an object") {
        pull[name] = value.clone();
    }
    Payload::of("pull_request", &json!({"repository": {"id": 5}, "pull_request": pull}))
}

fn expected(payloads: &[Payload]) -> Expected {
    Facts::of(payloads).pull_requests.remove("5#3").expect("the pull request")
}

fn only(expected: &Expected, name: &str) -> Option<String> {
    assert_eq!(expected[name].len(), 1, "{name}");
    expected[name].first().cloned().flatten()
}

#[test]
fn the_newest_wins_and_gaps_overwrite_nothing() {
    let more = json!({"title": "a\0b", "additions": 12, "draft": true});
    let full = || pull("2026-01-01T00:00:01Z", &more);
    let partial = || pull("2026-01-01T00:00:02Z", &json!({"title": "ne\0w"}));
    for payloads in [[full(), partial()], [partial(), full()]] {
        let facts = expected(&payloads);
        assert_eq!(only(&facts, "title").as_deref(), Some("new"));
        assert_eq!(only(&facts, "additions").as_deref(), Some("12"));
        assert_eq!(only(&facts, "draft").as_deref(), Some("1"));
    }
}

#[test]
fn merged_is_final_and_closed_wins_over_open() {
    let at = "2026-01-01T00:00:05Z";
    let closed = || pull(at, &json!({"state": "closed", "closed_at": at}));
    let merged =
        pull("2026-01-01T00:00:01Z", &json!({"state": "closed", "closed_at": at, "merged_at": at}));
    assert_eq!(
        only(&expected(&[closed(), pull(at, &json!({}))]), "state").as_deref(),
        Some("closed")
    );
    assert_eq!(only(&expected(&[merged, closed()]), "state").as_deref(), Some("merged"));
}

#[test]
fn either_value_is_accepted_in_a_tie() {
    let at = "2026-01-01T00:00:05Z";
    let facts = expected(&[pull(at, &json!({"title": "one"})), pull(at, &json!({"title": "two"}))]);
    assert_eq!(facts["title"].len(), 2);
    let row = |title: &str| -> Row {
        let mut row: Row =
            facts.iter().map(|(name, any)| (*name, any.first().cloned().flatten())).collect();
        row.insert("title", Some(title.to_owned()));
        row
    };
    assert!(row_differences("pull request", "5#3", &facts, &row("two")).is_empty());
    assert_eq!(row_differences("pull request", "5#3", &facts, &row("three")).len(), 1);
}

const TABLES: &str = "
    CREATE TABLE repositories (id TEXT, github_id INTEGER);
    CREATE TABLE users (id TEXT, login TEXT);
    CREATE TABLE pull_requests (id TEXT, repository_id TEXT, github_id INTEGER, number INTEGER, title TEXT,
        state TEXT, draft BOOLEAN, author_id TEXT, additions INTEGER, deletions INTEGER, changed_files INTEGER,
        opened_at TEXT, closed_at TEXT, merged_at TEXT);
    CREATE TABLE github_reviews (github_id INTEGER, pull_request_id TEXT, state TEXT, submitted_at TEXT, reviewer_id TEXT);
    CREATE TABLE pushes (repository_id TEXT, ref_name TEXT, before_sha TEXT, after_sha TEXT, forced BOOLEAN);
    INSERT INTO repositories VALUES ('r', 5);
    INSERT INTO users VALUES ('u', 'octocat');
    INSERT INTO pull_requests VALUES ('p', 'r', 7, 3, 'A title', 'open', 0, 'u', 1, 2, 3,
        '2026-01-01T00:00:00.000000Z', NULL, NULL);
    INSERT INTO github_reviews VALUES (9, 'p', 'APPROVED', '2026-01-01 00:00:09.000000+00:00', 'u');
    INSERT INTO pushes VALUES ('r', 'refs/heads/main', NULL, 'abc', 1);";

fn stated() -> Vec<Payload> {
    let more = json!({"title": "A title", "draft": false, "additions": 1, "deletions": 2, "changed_files": 3});
    let review = json!({"repository": {"id": 5}, "pull_request": {"number": 3}, "review": {"id": 9,
        "state": "approved", "submitted_at": "2026-01-01T00:00:09Z", "user": {"login": "octocat"}}});
    let push = json!({"repository": {"id": 5, "default_branch": "main"}, "ref": "refs/heads/main",
        "before": "0".repeat(40), "after": "abc", "forced": true});
    vec![
        pull("2026-01-01T00:00:01Z", &more),
        Payload::of("pull_request_review", &review),
        Payload::of("push", &push),
    ]
}

#[tokio::test]
async fn tables_are_compared_with_the_payloads() {
    sqlx::any::install_default_drivers();
    let one = sqlx::any::AnyPoolOptions::new().max_connections(1);
    let pool = one.connect("sqlite::memory:").await.expect("a database");
    sqlx::raw_sql(TABLES).execute(&pool).await.expect("tables");
    let facts = Facts::of(&stated());
    assert_eq!(facts.complaints(&pool).await.expect("an answer"), Vec::<String>::new());
    let corrupt =
        "UPDATE pull_requests SET additions = 0; DELETE FROM pushes; DELETE FROM github_reviews";
    sqlx::raw_sql(corrupt).execute(&pool).await.expect("a change");
    assert_eq!(facts.complaints(&pool).await.expect("an answer").len(), 3);
}
