//! Payload parsers never panic, and both parsers agree on the repository of a body. Run a million cases
//! with `BOLERO_RANDOM_ITERATIONS=1000000 cargo test -p github --test fuzz_payload`.

use github::{
    model::Version,
    rules::{
        alternatives::alternatives,
        envelope::inspect,
        fold::{fold, owners_at_opening, ready_at},
        payload::{Pull, PullRequestEvent, PushEvent, Repo, RepositoryEvent, ReviewEvent, read},
    },
};

const CORPUS: [&[u8]; 5] = [
    include_bytes!("corpus/pull_request.json"),
    include_bytes!("corpus/pull_request_review.json"),
    include_bytes!("corpus/push.json"),
    include_bytes!("corpus/repository.json"),
    include_bytes!("corpus/drift.json"),
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
}

fn combine(pull: &Pull) {
    let version = Version {
        instant: pull.updated_at,
        digest: vec![],
        facts: pull.facts(),
    };
    let json = serde_json::to_string(&version.facts).expect("facts are written");
    assert_eq!(
        serde_json::from_str::<github::model::Facts>(&json).expect("and read"),
        version.facts
    );
    let versions = [version];
    let folded = fold(&versions, None).expect("a statement adds up to something");
    let _ = ready_at(&versions, &folded);
    let _ = owners_at_opening(&versions);
    assert_eq!(
        alternatives(&versions, &folded, None),
        std::slice::from_ref(&folded.facts)
    );
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
}

#[test]
fn changed_payloads_never_panic() {
    bolero::check!()
        .with_type::<Mutation>()
        .for_each(|mutation| read_all(&mutated(mutation)));
}

#[test]
fn arbitrary_bytes_never_panic() {
    bolero::check!().for_each(read_all);
}
