use kernel::Timestamp;
use serde_json::{Value, json};

use super::{PastState, QueriedPull, past_states};

fn pull(change: impl FnOnce(&mut Value)) -> QueriedPull {
    let account =
        |login: &str, id: i64| json!({ "__typename": "User", "login": login, "databaseId": id });
    let list = |nodes: Value| json!({ "pageInfo": { "hasNextPage": false, "endCursor": null }, "nodes": nodes });
    let mut value = json!({
        "fullDatabaseId": "7001", "number": 3, "title": "fix: Close gap", "body": "", "state": "MERGED",
        "isDraft": false, "createdAt": "2026-10-01T08:00:00Z", "updatedAt": "2026-10-09T08:00:00Z",
        "closedAt": "2026-10-05T08:00:00Z", "mergedAt": "2026-10-05T08:00:00Z",
        "author": account("hexacat", 5), "mergedBy": account("rook-elm", 6),
        "labels": { "nodes": [{ "name": "bug" }] }, "additions": 12, "deletions": 3, "changedFiles": 2,
        "commits": { "totalCount": 1 }, "baseRefName": "main", "headRefName": "patch", "headRefOid": "abc",
        "baseRepository": { "databaseId": 1 },
        "reviews": list(json!([])), "files": list(json!([])),
        "timelineItems": list(json!([{ "__typename": "ClosedEvent", "createdAt": "2026-10-05T08:00:00Z" }])),
    });
    change(&mut value);
    serde_json::from_value(value).expect("a pull request")
}

fn events(events: &Value) -> QueriedPull {
    pull(|value| {
        let closed = value["timelineItems"]["nodes"][0].clone();
        let mut all = events.as_array().expect("events").clone();
        all.push(closed);
        value["timelineItems"]["nodes"] = Value::Array(all);
    })
}

/// Describes statements, oldest first: the time, the state, the title, the labels and the review.
fn lines(states: &[PastState]) -> Vec<String> {
    let line = |states: &PastState| {
        let pull = &states.pull;
        let labels = pull.labels.iter().flatten();
        let labels: Vec<&str> = labels.filter_map(|label| label.name.as_deref()).collect();
        let state = match (pull.merged_at, pull.draft) {
            (Some(_), _) => "merged",
            (None, Some(true)) => "draft",
            _ => &pull.state,
        };
        let review = states.review.as_ref();
        let review = review.map_or_else(String::new, |review| format!(" {}", review.state));
        let title = pull.title.as_deref().unwrap_or("-");
        format!("{} {state} {title} {labels:?}{review}", day(pull.updated_at))
    };
    states.iter().rev().map(line).collect()
}

fn day(at: Timestamp) -> String {
    at.format("%d %H").to_string()
}

#[test]
fn earlier_states_follow_from_the_events() {
    let queried = events(&json!([
        { "__typename": "LabeledEvent", "createdAt": "2026-10-02T08:00:00Z", "label": { "name": "spam" } },
        { "__typename": "UnlabeledEvent", "createdAt": "2026-10-02T09:00:00Z", "label": { "name": "spam" } },
        { "__typename": "ConvertToDraftEvent", "createdAt": "2026-10-03T08:00:00Z" },
        { "__typename": "ReadyForReviewEvent", "createdAt": "2026-10-03T09:00:00Z" },
        { "__typename": "RenamedTitleEvent", "createdAt": "2026-10-04T08:00:00Z", "previousTitle": "typo" },
    ]));
    assert_eq!(
        lines(&past_states(&queried)),
        [
            "01 08 open typo [\"bug\"]",
            "02 08 open typo [\"bug\", \"spam\"]",
            "02 09 open typo [\"bug\"]",
            "03 08 draft typo [\"bug\"]",
            "03 09 open typo [\"bug\"]",
            "04 08 open fix: Close gap [\"bug\"]",
            "05 08 merged fix: Close gap [\"bug\"]",
            "09 08 merged fix: Close gap [\"bug\"]",
        ]
    );
}

#[test]
fn events_of_one_second_are_one_state() {
    let queried = events(&json!([
        { "__typename": "LabeledEvent", "createdAt": "2026-10-01T08:00:00Z", "label": { "name": "bug" } },
        { "__typename": "LabeledEvent", "createdAt": "2026-10-02T08:00:00Z", "label": { "name": "a" } },
        { "__typename": "UnlabeledEvent", "createdAt": "2026-10-02T08:00:00Z", "label": { "name": "a" } },
    ]));
    assert_eq!(
        lines(&past_states(&queried))[..2],
        ["01 08 open fix: Close gap [\"bug\"]", "02 08 open fix: Close gap [\"bug\"]"]
    );
}

#[test]
fn requests_to_merge_say_nothing_else() {
    let person =
        |login: &str, id: i64| json!({ "__typename": "User", "login": login, "databaseId": id });
    let queried = events(&json!([
        { "__typename": "LabeledEvent", "createdAt": "2026-10-02T08:00:00Z", "label": { "name": "bug" } },
        { "__typename": "AutoMergeEnabledEvent", "createdAt": "2026-10-02T08:00:00Z", "enabler": person("wren", 7) },
        { "__typename": "AutoMergeDisabledEvent", "createdAt": "2026-10-03T08:00:00Z" },
        {
            "__typename": "AddedToMergeQueueEvent", "createdAt": "2026-10-03T08:00:00Z",
            "actor": person("finch", 8), "enqueuer": null,
        },
        { "__typename": "RemovedFromMergeQueueEvent", "createdAt": "2026-10-05T07:59:59Z", "reason": "MERGE" },
        { "__typename": "RemovedFromMergeQueueEvent", "createdAt": "2026-10-05T08:00:00Z", "reason": null },
    ]));
    let states = past_states(&queried);
    let stated: Vec<_> = states
        .iter()
        .rev()
        .map(|state| (day(state.pull.updated_at), state.pull.facts()))
        .filter(|(_, facts)| facts.auto_merge.is_some() || facts.merge_queue.is_some())
        .map(|(day, facts)| (day, facts.labels, facts.auto_merge, facts.merge_queue))
        .collect();
    use crate::model::MergeRequest::{By, Withdrawn};
    let labels = Some(vec!["bug".to_owned()]);
    assert_eq!(
        stated,
        [
            ("02 08".to_owned(), labels, Some(By(7)), None),
            ("03 08".to_owned(), None, Some(Withdrawn), Some(By(8))),
        ]
    );
}

#[test]
fn a_reopened_pull_request_was_closed_in_between() {
    let queried = events(&json!([
        { "__typename": "ClosedEvent", "createdAt": "2026-10-02T08:00:00Z" },
        { "__typename": "LabeledEvent", "createdAt": "2026-10-03T08:00:00Z", "label": { "name": "bug" } },
        { "__typename": "ReopenedEvent", "createdAt": "2026-10-04T08:00:00Z" },
    ]));
    let states = past_states(&queried);
    let closed: Vec<_> = states.iter().rev().map(|states| states.pull.closed_at.map(day)).collect();
    let [at, merged] = [Some("02 08".to_owned()), Some("05 08".to_owned())];
    assert_eq!(closed, [None, at.clone(), at, None, merged.clone(), merged]);
}

#[test]
fn a_dismissed_review_is_known_twice() {
    let queried = pull(|value| {
        value["reviews"]["nodes"] = json!([
            {
                "fullDatabaseId": "9", "state": "DISMISSED", "submittedAt": "2026-10-02T08:00:00Z",
                "authorAssociation": "MEMBER", "author": null
            },
            {
                "fullDatabaseId": 10, "state": "PENDING", "submittedAt": null,
                "authorAssociation": "MEMBER", "author": null
            },
        ]);
        value["timelineItems"]["nodes"] = json!([
            {
                "__typename": "ReviewDismissedEvent", "createdAt": "2026-10-03T08:00:00Z",
                "previousReviewState": "APPROVED", "review": { "fullDatabaseId": "9" }
            },
            { "__typename": "ClosedEvent", "createdAt": "2026-10-05T08:00:00Z" },
        ]);
    });
    let states = lines(&past_states(&queried));
    assert_eq!(
        states[1..3],
        [
            "02 08 open fix: Close gap [\"bug\"] approved",
            "03 08 open fix: Close gap [\"bug\"] dismissed"
        ]
    );
}

#[test]
fn accounts_are_stated_as_in_deliveries() {
    let author = |author: Value| {
        let queried = pull(|value| value["author"] = author);
        past_states(&queried)[0].pull.user.clone()
    };
    let bot = author(json!({ "__typename": "Bot", "login": "renovate", "databaseId": 8 }));
    let bot = bot.expect("a bot");
    assert_eq!((bot.login.as_deref(), bot.is_bot()), (Some("renovate[bot]"), Some(true)));
    assert!(author(Value::Null).is_none());
    let ghost = json!({ "__typename": "User", "login": "ghost", "databaseId": 10_137 });
    assert!(author(ghost).is_none());
    let wren = json!({
        "__typename": "User", "login": "wren-oak", "databaseId": 7, "createdAt": "2019-03-01T10:00:00Z"
    });
    let created_at = author(wren).expect("a person").created_at;
    assert_eq!(created_at, "2019-03-01T10:00:00Z".parse().ok());
    let of_kind = |kind| json!({ "__typename": kind, "login": "a b", "databaseId": 8 });
    assert!(author(of_kind("Mannequin")).is_none());
    let odd = author(of_kind("EnterpriseUserAccount")).expect("an account");
    let seen = odd.seen_at(Timestamp::UNIX_EPOCH).expect("with an ID");
    assert_eq!((seen.github_id, seen.login.as_str()), (8, "8.github"));
}

#[test]
fn the_present_state_has_all_facts() {
    let states = past_states(&pull(|_| {}));
    let facts = states[0].pull.facts();
    assert_eq!(
        (facts.additions, facts.changed_files, facts.head_sha.as_deref(), facts.body_digest),
        (Some(12), Some(2), Some("abc"), None)
    );
    let opening = states.last().expect("a state").pull.facts();
    assert_eq!((opening.additions, opening.merged_at, opening.closed), (None, None, Some(false)));
}
