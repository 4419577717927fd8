//! Parsers of payloads, archives and names never panic, and agree with each other.

use kernel::Timestamp;
use testkit::growth::{SHAPES, linear, linear_in, linear_of, linear_text};

use super::search::{FoundIssues, FoundRepositories};
use super::{
    alternatives::alternatives,
    body,
    checks::{CheckSuiteEvent, StatedResult, WorkflowRunEvent},
    closing::{self, closing_references, referenced},
    code::is_sha,
    envelope::inspect,
    fold::{fold, owners_at_opening, ready_at},
    gharchive::convert,
    installation::{
        InstallationEvent, InstallationRepositoriesEvent, InstallationState, StatedInstallations,
    },
    names::{full_name_at, full_name_of, is_full_name},
    own_repository::{Allowed, OwnRepository},
    payload::{
        AuthorizationEvent, MemberEvent, Pull, PullRequestEvent, PushEvent, Repo, RepositoryEvent,
        ReviewEvent, read,
    },
    queried::{PullsData, past_states},
};
use crate::model::{Facts, Version};

const CORPUS: [&[u8]; 9] = [
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/pull_request.json"),
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/pull_request_review.json"),
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/push.json"),
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/repository.json"),
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/drift.json"),
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/installation.json"),
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/installation_repositories.json"),
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/workflow_run.json"),
    include_bytes!("__fuzz__/rules__fuzz__deliveries/corpus/check_suite.json"),
];

/// A body of the corpus with some bytes changed, a part copied elsewhere, and the end removed.
type Mutation = (u8, Vec<(u16, u8)>, Option<(u16, u16, u8)>, Option<u16>);

fn mutated((body, changes, copy, cut): &Mutation) -> Vec<u8> {
    let mut bytes = CORPUS[usize::from(*body) % CORPUS.len()].to_vec();
    let length = bytes.len();
    for (place, byte) in changes.iter().take(6) {
        bytes[usize::from(*place) % length] = *byte;
    }
    if let Some((from, to, size)) = copy {
        let from = usize::from(*from) % length;
        let piece = bytes[from..length.min(from + usize::from(*size))].to_vec();
        let to = usize::from(*to) % length;
        bytes.splice(to..to, piece);
    }
    if let Some(cut) = cut {
        bytes.truncate(usize::from(*cut) % (length + 1));
    }
    bytes
}

fn read_all(body: &[u8]) {
    let envelope = inspect(body);
    if envelope.is_ok() {
        // serde_json is stricter about Unicode in strings and the range of numbers. Nothing else may
        // differ.
        match serde_json::from_slice::<serde_json::Value>(body) {
            Ok(value) => assert!(value.is_object(), "accepted bodies are objects"),
            Err(error) => assert!(
                ["surrogate", "hex escape", "number out of range"]
                    .iter()
                    .any(|word| error.to_string().contains(word)),
                "accepted bodies are JSON: {error}"
            ),
        }
    }
    let agrees = |repository: &Repo| {
        if let Ok(envelope) = &envelope {
            assert_eq!(envelope.repository_id, Some(repository.id));
        }
    };
    if let Ok(event) = read::<PullRequestEvent>(body) {
        let _ = event.clone().stated().0.facts();
        agrees(&event.repository);
        combine(&event.pull_request);
    }
    if let Ok(event) = read::<ReviewEvent>(body) {
        agrees(&event.repository);
        combine(&event.pull_request);
    }
    if let Ok(event) = read::<PushEvent>(body) {
        agrees(&event.repository);
    }
    if let Ok(event) = read::<RepositoryEvent>(body) {
        agrees(&event.repository);
    }
    if let Ok(event) = read::<MemberEvent>(body) {
        agrees(&event.repository);
    }
    let received_at = Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant");
    if let Ok(event) = read::<WorkflowRunEvent>(body) {
        agrees(&event.repository);
        is_bounded(event.result(received_at), received_at);
    }
    if let Ok(event) = read::<CheckSuiteEvent>(body) {
        agrees(&event.repository);
        is_bounded(event.result(received_at), received_at);
    }
    let _ = read::<AuthorizationEvent>(body);
    installations(body, envelope.ok().and_then(|read| read.installation_id));
}

/// A result of checks is short, names a commit, and did not end after its receipt.
fn is_bounded(result: Option<StatedResult>, received_at: Timestamp) {
    let Some(result) = result else {
        return;
    };
    assert!(is_sha(&result.head_sha) && result.completed_at <= received_at);
    assert!(result.name.chars().count() <= 256 && result.conclusion.len() <= 64);
    let url = result.url.unwrap_or_default();
    assert!(url.is_empty() || (url.starts_with("https://") && url.len() <= 1_024));
}

/// Times of statements are never after their receipt, and the envelope names the same installation.
fn installations(body: &[u8], named: Option<i64>) {
    let received_at = Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant");
    let mut stated = StatedInstallations::default();
    if let Ok(event) = read::<InstallationEvent>(body) {
        assert!(named.is_none_or(|named| named == event.installation.id));
        stated.add(&event, received_at);
    }
    if let Ok(event) = read::<InstallationRepositoriesEvent>(body) {
        stated.add_repositories(&event, received_at);
    }
    let late = |state: &InstallationState| {
        state.seen_at > received_at || state.suspended_at.is_some_and(|at| at > received_at)
    };
    assert!(!stated.states.values().any(late));
    assert!(stated.members.values().all(|member| member.seen_at <= received_at));
}

fn combine(pull: &Pull) {
    let version = Version { instant: pull.updated_at, digest: vec![], facts: pull.facts() };
    let json = serde_json::to_string(&version.facts).expect("facts are written");
    assert_eq!(serde_json::from_str::<Facts>(&json).expect("and read"), version.facts);
    let versions = [version];
    let folded = fold(&versions, None).expect("a statement adds up to something");
    let _ = ready_at(&versions, &folded);
    let _ = owners_at_opening(&versions);
    assert_eq!(alternatives(&versions, &folded, None), std::slice::from_ref(&folded.facts));
}

#[test]
fn the_corpus_is_parsed() {
    for body in CORPUS {
        read_all(body);
    }
    assert!(read::<PullRequestEvent>(CORPUS[0]).is_ok());
    assert!(read::<ReviewEvent>(CORPUS[1]).is_ok());
    assert!(read::<PushEvent>(CORPUS[2]).is_ok());
    assert!(read::<RepositoryEvent>(CORPUS[3]).is_ok());
    assert!(read::<WorkflowRunEvent>(CORPUS[7]).is_ok());
    assert!(read::<CheckSuiteEvent>(CORPUS[8]).is_ok());
}

#[test]
fn deliveries() {
    bolero::check!().for_each(linear(read_all));
}

/// A response of GitHub's GraphQL API with a pull request.
const QUERIED: &str = concat!(
    r#"{"repository":{"databaseId":1,"nameWithOwner":"octo-org/lantern","owner":{"__typename":"User","#,
    r#""login":"octo-org","databaseId":2},"pullRequests":{"totalCount":1,"pageInfo":{"hasNextPage":false,"#,
    r#""endCursor":null},"nodes":[{"fullDatabaseId":"7","number":3,"title":"Greet","body":"","state":"OPEN","#,
    r#""isDraft":false,"createdAt":"2026-10-01T08:00:00Z","updatedAt":"2026-10-09T08:00:00Z","closedAt":null,"#,
    r#""mergedAt":null,"author":{"__typename":"Bot","login":"bot","databaseId":4},"mergedBy":null,"#,
    r#""labels":{"nodes":[{"name":"bug"}]},"additions":1,"deletions":2,"changedFiles":3,"#,
    r#""commits":{"totalCount":1},"baseRefName":"main","headRefName":"patch","headRefOid":"abc","#,
    r#""baseRepository":{"databaseId":1},"timelineItems":{"pageInfo":{"hasNextPage":false,"endCursor":null},"#,
    r#""nodes":[{"__typename":"LabeledEvent","createdAt":"2026-10-02T08:00:00Z","label":{"name":"bug"}}]}}]}}}"#
);

/// A repository in GitHub's REST API, as a maintainer sees it.
const OWN: &str = concat!(
    r#"{"id":7,"full_name":"octo-org/lantern","private":false,"fork":false,"archived":false,"#,
    r#""updated_at":"2026-10-01T08:00:00Z","permissions":{"admin":true,"maintain":true}}"#
);

fn registrable_or_rejected(body: &[u8]) {
    let Ok(own) = read::<OwnRepository>(body) else {
        return;
    };
    assert!(is_full_name(&own.full_name), "{:?}", own.full_name);
    for allowed in [false, true] {
        let allowed = Allowed { forks: allowed, private: allowed };
        if own.obstacle(allowed, true).is_none() {
            assert!(own.permissions.admin && !own.archived);
        }
    }
}

#[test]
fn own_repositories() {
    assert!(read::<OwnRepository>(OWN.as_bytes()).is_ok());
    registrable_or_rejected(OWN.as_bytes());
    let target = |(at, cut, insert): &Insertion| {
        let mut body = OWN.as_bytes().to_vec();
        let at = at % body.len();
        let end = body.len().min(at + usize::from(cut % 16));
        body.splice(at..end, insert.iter().copied());
        registrable_or_rejected(&body);
    };
    bolero::check!().with_type::<Insertion>().for_each(linear_insertion(OWN, target));
}

fn states_or_rejected(body: &[u8]) {
    let Ok(data) = read::<PullsData>(body) else {
        return;
    };
    let pulls = data.repository.into_iter();
    for pull in pulls.flat_map(|repository| repository.pull_requests.nodes).flatten() {
        for past in past_states(&pull) {
            combine(&past.pull);
        }
    }
}

#[test]
fn queried_pull_requests() {
    assert!(read::<PullsData>(QUERIED.as_bytes()).is_ok());
    states_or_rejected(QUERIED.as_bytes());
    let target = |(at, cut, insert): &Insertion| {
        let mut body = QUERIED.as_bytes().to_vec();
        let at = at % body.len();
        let end = body.len().min(at + usize::from(cut % 16));
        body.splice(at..end, insert.iter().copied());
        states_or_rejected(&body);
    };
    bolero::check!().with_type::<Insertion>().for_each(linear_insertion(QUERIED, target));
}

/// A place in a body, how much is left out there, and what takes its place.
type Insertion = (usize, u8, Vec<u8>);

/// Checks the cost of long insertions before all, and in a name in a body.
fn linear_insertion<F: Fn(&Insertion)>(body: &str, target: F) -> F {
    let name = body.find("octo").expect("a name");
    let before = |text: &str| (0, 0, text.as_bytes().to_vec());
    let within = |text: &str| (name, 0, text.as_bytes().to_vec());
    linear_of(&SHAPES, before, linear_of(&SHAPES, within, target))
}

/// Random bytes rarely get past the first brace, but a valid body with changes does.
#[test]
fn changed_deliveries() {
    bolero::check!().with_type::<Mutation>().for_each(|mutation| read_all(&mutated(mutation)));
}

const GOOD: &str = concat!(
    r#"{"id":"31000000001","type":"PullRequestEvent","actor":{"id":583231,"login":"octocat"},"#,
    r#""repo":{"id":1296269,"name":"octo-org/hello-world"},"payload":{"action":"opened","number":3,"#,
    r#""pull_request":{"id":7,"number":3,"state":"open","title":"Greet","user":null,"#,
    r#""base":{"repo":{"id":1296269,"full_name":"octo-org/hello-world"}}}},"#,
    r#""public":true,"created_at":"2024-05-01T10:00:00Z"}"#
);

fn converts_or_rejects(line: &[u8]) {
    match convert(line) {
        Ok(Some(delivery)) => {
            assert!(delivery.body.get().starts_with('{'));
            assert!(!delivery.event.is_empty());
        }
        Ok(None) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[test]
fn archived_events() {
    converts_or_rejects(GOOD.as_bytes());
    bolero::check!().for_each(linear(converts_or_rejects));
}

#[test]
fn changed_archived_events() {
    let target = |(at, cut, insert): &Insertion| {
        let mut line = GOOD.as_bytes().to_vec();
        let at = at % line.len();
        let end = line.len().min(at + usize::from(cut % 16));
        line.splice(at..end, insert.iter().copied());
        converts_or_rejects(&line);
    };
    bolero::check!().with_type::<Insertion>().for_each(linear_insertion(GOOD, target));
}

#[test]
fn nesting_does_not_exhaust_the_stack() {
    let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    for field in
        ["\"action\":\"opened\"", "\"number\":3", "\"id\":\"31000000001\"", "\"user\":null"]
    {
        let name = field.split(':').next().expect("a name");
        converts_or_rejects(GOOD.replace(field, &format!("{name}:{deep}")).as_bytes());
    }
}

#[test]
fn repository_names_and_stored_bodies() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if is_full_name(&text) {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
            assert!(text.chars().all(is_plain), "{text:?} goes into URLs");
            assert_eq!(text.matches('/').count(), 1, "{text:?}");
        }
        let enterprise = "https://git.fen.example";
        if let Some(name) = full_name_at(&text, enterprise) {
            let address = format!("{enterprise}/{name}/issues");
            assert_eq!(full_name_at(&address, enterprise).as_ref(), Some(&name), "{text:?}");
        }
        if let Some(name) = full_name_of(&text) {
            assert!(is_full_name(&name), "{text:?} names {name:?}");
            let address = format!("https://github.com/{name}.git");
            for again in [&name, &address] {
                assert_eq!(full_name_of(again).as_ref(), Some(&name), "{text:?}");
            }
        }
        let size = i64::try_from(bytes.len()).expect("short");
        if let Ok(plain) = body::unpack(bytes, size) {
            assert!(plain.len() <= bytes.len(), "unpacked at most the given size");
        }
    }));
}

#[test]
fn descriptions_of_pull_requests() {
    _ = linear_in(
        &["fix ", "fixes: https://github.com/ ", "`a``{n}", "~~~\n"],
        |bytes: &[u8]| {
            _ = closing_references(&String::from_utf8_lossy(bytes), None);
        },
    );
    bolero::check!().with_type::<String>().for_each(linear_text(|text: &String| {
        let found = closing_references(text, Some("octo-org/lantern"));
        assert!(found.len() <= closing::MOST && found.is_sorted());
        for reference in found {
            let (repository, number) = referenced(&reference).expect("a reference");
            assert!(number > 0 && repository != Some("octo-org/lantern"));
        }
    }));
}

#[test]
fn results_of_searches() {
    bolero::check!().for_each(linear(|body: &[u8]| {
        if let Ok(found) = read::<FoundRepositories>(body) {
            assert!(found.names().all(is_full_name));
        }
        let json = String::from_utf8_lossy(body).replace(['"', '\\'], "");
        let json = format!(r#"{{"total_count":1,"items":[{{"repository_url":"{json}"}}]}}"#);
        if let Ok(found) = read::<FoundIssues>(json.as_bytes()) {
            assert!(found.names().into_iter().all(is_full_name));
        }
    }));
}
