use std::collections::{BTreeMap, HashSet};

use kernel::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::*;

/// A delivery without the parts of its body that no test reads.
struct ReadDelivery {
    at: Option<Timestamp>,
    event: String,
    delivery: Uuid,
    body: Body,
}

#[derive(Deserialize)]
struct Body {
    action: Option<String>,
    sender: Owner,
    repository: Object,
    pull_request: Option<ReadPull>,
}

#[derive(Deserialize)]
struct Object {
    id: i64,
}

#[derive(Deserialize)]
struct Owner {
    id: i64,
    login: String,
}

#[derive(Deserialize)]
struct Branch {
    r#ref: String,
}

#[derive(Deserialize)]
struct ReadPull {
    id: i64,
    number: i64,
    title: String,
    user: Owner,
    merged_at: Option<Timestamp>,
    changed_files: Option<i64>,
    base: Branch,
}

/// The deliveries of the small season.
static READ: LazyLock<Vec<ReadDelivery>> = LazyLock::new(|| {
    let read = |one: testkit::delivery::Delivery| ReadDelivery {
        body: serde_json::from_slice(one.bytes()).expect("JSON"),
        at: one.at,
        event: one.event,
        delivery: one.delivery,
    };
    SMALL.deliveries().map(read).collect()
});

#[test]
fn deliveries_parse_and_are_in_time_order() {
    assert!(READ.is_sorted_by_key(|one| one.at));
    let ids: HashSet<Uuid> = READ.iter().map(|one| one.delivery).collect();
    assert_eq!(ids.len(), READ.len());
    // Programs that read numbers as floats must not round IDs.
    assert!(READ.iter().all(|one| one.body.repository.id < 1 << 53));
}

#[test]
fn every_fact_is_delivered() {
    let mut events: BTreeMap<String, usize> = BTreeMap::new();
    for one in READ.iter() {
        let action = one.body.action.as_deref().unwrap_or_default();
        *events.entry(format!("{} {action}", one.event)).or_default() += 1;
    }
    let number = |name: &str| events.get(name).copied().unwrap_or_default();
    let having = |wanted: fn(&PullRequest) -> bool| {
        let pulls = SMALL.pull_requests.iter();
        pulls.filter(|pull| wanted(pull)).count()
    };
    let merged = having(|pull| pull.merged_at.is_some());
    let closed = having(|pull| pull.closed_at.is_some());
    let reviews = SMALL.pull_requests.iter().map(|pull| pull.reviews.len());
    assert_eq!(number("pull_request opened"), having(|_| true));
    assert_eq!(number("push "), merged, "{events:?}");
    assert_eq!(number("pull_request closed"), closed, "{events:?}");
    assert_eq!(number("pull_request_review submitted"), reviews.sum::<usize>());
    for name in ["labeled", "synchronize", "ready_for_review"] {
        assert!(number(&format!("pull_request {name}")) > 0, "{events:?}");
    }
}

#[test]
fn the_last_delivery_of_a_pull_request_has_its_facts() {
    let events = READ.iter().filter(|one| one.event == "pull_request");
    let last: BTreeMap<i64, &ReadPull> = events
        .filter_map(|one| one.body.pull_request.as_ref())
        .map(|pull| (pull.id, pull))
        .collect();
    for pull in &SMALL.pull_requests {
        let read = last[&pull.id];
        assert_eq!((&read.title, read.number), (&pull.title, pull.number));
        assert_eq!(read.merged_at, pull.merged_at);
        assert_eq!(read.user.login, SMALL.people[pull.author].account.login);
        assert_eq!(read.changed_files, Some(pull.files.len() as i64));
        assert_eq!(read.base.r#ref, pull.base);
    }
}

#[test]
fn deliveries_are_deterministic() {
    let texts = |season: &Season| -> Vec<String> {
        let some = season.deliveries().take(500);
        some.map(|one| format!("{} {} {}", one.delivery, one.event, one.body.get())).collect()
    };
    assert_eq!(texts(&SMALL), texts(&Season::generate(7, Scale::small())));
}

#[test]
fn the_ids_of_a_delivery_lead_to_the_truth() {
    let first = &READ[0].body;
    let pull = first.pull_request.as_ref();
    let pull = pull.and_then(|pull| SMALL.pull_request(pull.id));
    let pull = pull.expect("the first delivery opens a pull request");
    assert_eq!(pull, &SMALL.pull_requests[0]);
    let author = &SMALL.people[pull.author];
    assert_eq!(SMALL.person(first.sender.id), Some(author));
    let repository = &SMALL.repositories[pull.repository];
    assert_eq!(SMALL.repository(first.repository.id), Some(repository));
    assert_eq!((SMALL.person(1), SMALL.pull_request(1)), (None, None));
}
