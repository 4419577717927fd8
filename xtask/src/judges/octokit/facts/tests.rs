use serde_json::{Value, json};

use super::{super::payloads::Payload, Expected, Facts, Row, row_differences};

fn pull(updated_at: &str, more: &Value) -> Payload {
    let mut pull = json!({"id": 7, "number": 3, "state": "open", "merged_at": null, "closed_at": null,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": updated_at, "user": {"login": "octocat"}});
    for (name, value) in more.as_object().expect("an object") {
        pull[name] = value.clone();
    }
    Payload::of(
        "pull_request",
        &json!({"repository": {"id": 5}, "pull_request": pull}),
    )
}

fn expected(payloads: &[Payload]) -> Expected {
    Facts::of(payloads)
        .pull_requests
        .remove("5#3")
        .expect("the pull request")
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
fn merged_is_terminal_and_closed_stands_above_open() {
    let at = "2026-01-01T00:00:05Z";
    let closed = || pull(at, &json!({"state": "closed", "closed_at": at}));
    let merged = pull(
        "2026-01-01T00:00:01Z",
        &json!({"state": "closed", "closed_at": at, "merged_at": at}),
    );
    assert_eq!(
        only(&expected(&[closed(), pull(at, &json!({}))]), "state").as_deref(),
        Some("closed")
    );
    assert_eq!(
        only(&expected(&[merged, closed()]), "state").as_deref(),
        Some("merged")
    );
}

#[test]
fn a_tie_of_contents_accepts_either() {
    let at = "2026-01-01T00:00:05Z";
    let facts = expected(&[
        pull(at, &json!({"title": "one"})),
        pull(at, &json!({"title": "two"})),
    ]);
    assert_eq!(facts["title"].len(), 2);
    let row = |title: &str| -> Row {
        let mut row: Row = facts
            .iter()
            .map(|(name, any)| (*name, any.first().cloned().flatten()))
            .collect();
        row.insert("title", Some(title.to_owned()));
        row
    };
    assert!(row_differences("pull request", "5#3", &facts, &row("two")).is_empty());
    assert_eq!(
        row_differences("pull request", "5#3", &facts, &row("three")).len(),
        1
    );
}
