//! Scenarios: pull requests and the deliveries that GitHub sends about them.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use kernel::Timestamp;
use serde_json::value::RawValue;
use testkit::{
    delivery::Delivery,
    payloads::{Account, Label, PullState, Repo, Verdict},
    story::{Act, NewReview, Story, StoryEvent},
};
use uuid::Uuid;

use super::at;

/// Returns the owner of every repository of [`repo`].
pub(crate) fn owner() -> Account {
    Account::organization(9_000, "octo-org")
}

/// Returns a person whose ID is derived from the login.
pub(crate) fn person(login: &str) -> Account {
    let sum = |sum: i64, byte: u8| (sum * 31 + i64::from(byte)) % 1_000_003;
    Account::user(1_000 + login.bytes().fold(7, sum), login)
}

/// Returns the repository `octo-org/NAME`.
pub(crate) fn repo(id: i64, name: &str) -> Arc<Repo> {
    Arc::new(Repo::new(id, owner(), name, at("2025-01-01T00:00:00Z")))
}

/// Returns a delivery with a new ID.
pub(crate) fn delivery(event: &str, body: &str) -> Delivery {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    Delivery {
        at: None,
        event: event.to_owned(),
        delivery: Uuid::from_u128(COUNT.fetch_add(1, Ordering::SeqCst).into()),
        body: RawValue::from_string(body.to_owned()).expect("JSON"),
    }
}

/// A pull request's history, one act at a time, with its deliveries.
pub(crate) struct Scenario {
    pub(crate) story: Story,
    pub(crate) deliveries: Vec<Delivery>,
}

impl Scenario {
    /// Creates pull request `number` of `repo` by `author`, which is opened at `opened` but not delivered yet.
    pub(crate) fn new(repo: &Arc<Repo>, number: i64, author: &Account, opened: &str) -> Self {
        let id = repo.id * 1_000 + number;
        let pull = PullState::opened(Arc::clone(repo), number, id, author.clone(), at(opened));
        Self { story: Story::new(pull), deliveries: Vec::new() }
    }

    /// Creates an opened pull request, with its delivery.
    pub(crate) fn opened(repo: &Arc<Repo>, number: i64, author: &Account, opened: &str) -> Self {
        Self::new(repo, number, author, opened).then(Act::Opened, author, opened)
    }

    /// Adds an act.
    pub(crate) fn then(mut self, act: Act, by: &Account, when: &str) -> Self {
        let when: Timestamp = at(when);
        let StoryEvent { name, body } =
            self.story.act(act, by, when).expect("an act GitHub lets happen");
        self.deliveries.push(delivery(name, body.get()));
        self
    }

    /// Adds a merge by a maintainer.
    pub(crate) fn merged(self, when: &str) -> Self {
        self.then(Act::Merged, &person("maintainer"), when)
    }

    /// Adds a label by a maintainer.
    pub(crate) fn labeled(self, label: &str, when: &str) -> Self {
        self.then(Act::Labeled(Label::named(label)), &person("maintainer"), when)
    }

    /// Adds an approval by a maintainer.
    pub(crate) fn approved(self, when: &str) -> Self {
        let review = NewReview {
            id: self.story.pull.id * 10 + self.deliveries.len() as i64,
            verdict: Verdict::Approved,
            body: None,
            association: "MEMBER",
            bare: false,
        };
        self.then(Act::Reviewed(review), &person("maintainer"), when)
    }
}
