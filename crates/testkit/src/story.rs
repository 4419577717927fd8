//! One pull request as GitHub would live it: an act changes the state and yields the event whose
//! payload is a snapshot of that state. Season, histories and the fake GitHub all tell stories.

use std::sync::Arc;

use kernel::Timestamp;
use serde_json::{json, value::RawValue};

use crate::payloads::{
    Account, Label, PullState, Repo, ReviewState, Verdict, pull_request, pull_request_review,
};

/// Events of a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is there: the first act of a story.
    Opened,
    /// It got another title.
    Edited(String),
    /// It got a label.
    Labeled(Label),
    /// It lost a label.
    Unlabeled(Label),
    /// Commits arrived.
    Synchronized(Diff),
    /// It is not ready after all.
    ConvertedToDraft,
    /// It is ready for review.
    ReadyForReview,
    /// It was closed without a merge.
    Closed,
    /// It was merged.
    Merged,
    /// It was closed and is open again.
    Reopened,
    /// A review was submitted.
    Reviewed(NewReview),
    /// The words of the review with this id changed.
    ReviewEdited(i64, String),
    /// The review with this id no longer counts.
    ReviewDismissed(i64),
}

/// A pull request's size after a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Lines added.
    pub additions: i64,
    /// Lines removed.
    pub deletions: i64,
    /// Files touched.
    pub changed_files: i64,
    /// The new newest commit.
    pub head_sha: String,
}

/// A review before GitHub dates it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    /// GitHub's id.
    pub id: i64,
    /// Its verdict.
    pub verdict: Verdict,
    /// In words.
    pub body: Option<String>,
    /// The reviewer's association with the repository.
    pub association: &'static str,
    /// See [`ReviewState::bare`].
    pub bare: bool,
}

/// A webhook event that is not yet a delivery.
#[derive(Clone, Debug)]
pub struct Event {
    /// The header `X-GitHub-Event`.
    pub name: &'static str,
    /// The body.
    pub body: Box<RawValue>,
}

/// A pull request and its reviews.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The present state.
    pub pull: PullState,
    /// Its reviews, oldest first.
    pub reviews: Vec<ReviewState>,
}

impl Story {
    /// The story of a pull request; [`Act::Opened`] tells it.
    #[must_use]
    pub fn new(pull: PullState) -> Self {
        Self {
            pull,
            reviews: Vec::new(),
        }
    }

    /// Tells whether GitHub would permit it.
    #[must_use]
    pub fn allows(&self, act: &Act) -> bool {
        let pull = &self.pull;
        let open = pull.closed_at.is_none();
        let labeled = |label: &Label| pull.labels.iter().any(|own| own.name == label.name);
        let has_review = |id: i64| {
            self.reviews
                .iter()
                .any(|own| own.id == id && own.verdict != Verdict::Dismissed)
        };
        match act {
            Act::Opened | Act::Edited(_) | Act::Reviewed(_) => true,
            Act::Labeled(label) => !labeled(label),
            Act::Unlabeled(label) => labeled(label),
            Act::Synchronized(_) | Act::Closed => open,
            Act::ConvertedToDraft => open && !pull.draft,
            Act::ReadyForReview => open && pull.draft,
            Act::Merged => open && !pull.draft,
            Act::Reopened => !open && pull.merged_at.is_none(),
            Act::ReviewEdited(id, _) | Act::ReviewDismissed(id) => has_review(*id),
        }
    }

    /// Lets it happen at `at`, done by `by`; `None` when GitHub would refuse it.
    pub fn act(&mut self, act: Act, by: &Account, at: Timestamp) -> Option<Event> {
        if !self.allows(&act) {
            return None;
        }
        if act != Act::Opened {
            self.pull.updated_at = at;
        }
        Some(match act {
            Act::Reviewed(review) => self.review(review, by, at),
            Act::ReviewEdited(id, body) => {
                self.change_review(id, "edited", by, |review| review.body = Some(body))
            }
            Act::ReviewDismissed(id) => self.change_review(id, "dismissed", by, |review| {
                review.verdict = Verdict::Dismissed;
            }),
            act => self.change_pull(act, by, at),
        })
    }

    fn change_pull(&mut self, act: Act, by: &Account, at: Timestamp) -> Event {
        let pull = &mut self.pull;
        let mut extra: Vec<(&str, String)> = Vec::new();
        let action = match act {
            Act::Edited(title) => {
                let before = std::mem::replace(&mut pull.title, title);
                extra.push((
                    "changes",
                    json!({ "title": { "from": before } }).to_string(),
                ));
                "edited"
            }
            Act::Labeled(label) => {
                extra.push(("label", label_json(&label)));
                pull.labels.push(label);
                "labeled"
            }
            Act::Unlabeled(label) => {
                pull.labels.retain(|own| own.name != label.name);
                extra.push(("label", label_json(&label)));
                "unlabeled"
            }
            Act::Synchronized(diff) => {
                extra.push(("before", json!(pull.head_sha).to_string()));
                extra.push(("after", json!(diff.head_sha).to_string()));
                pull.push(diff);
                "synchronize"
            }
            act => pull.turn(&act, by, at),
        };
        let extra: Vec<_> = extra
            .iter()
            .map(|(key, json)| (*key, json.as_str()))
            .collect();
        Event {
            name: "pull_request",
            body: pull_request(action, pull, by, &extra),
        }
    }

    fn review(&mut self, new: NewReview, by: &Account, at: Timestamp) -> Event {
        let review = ReviewState {
            id: new.id,
            user: Some(by.clone()),
            verdict: new.verdict,
            body: new.body,
            submitted_at: at,
            commit_id: self.pull.head_sha.clone(),
            association: new.association,
            bare: new.bare,
        };
        let body = pull_request_review("submitted", &self.pull, &review, by);
        self.reviews.push(review);
        Event {
            name: "pull_request_review",
            body,
        }
    }

    fn change_review(
        &mut self,
        id: i64,
        action: &str,
        by: &Account,
        change: impl FnOnce(&mut ReviewState),
    ) -> Event {
        let found = self.reviews.iter_mut().find(|review| review.id == id);
        let review = found.expect("`allows` has seen the review");
        change(review);
        Event {
            name: "pull_request_review",
            body: pull_request_review(action, &self.pull, review, by),
        }
    }

    /// The account `id` has another login from now on, or is deleted: `None`.
    pub fn account_became(&mut self, id: i64, account: Option<&Account>) {
        let pull = &mut self.pull;
        let reviewers = self.reviews.iter_mut().map(|review| &mut review.user);
        for own in reviewers.chain([&mut pull.author, &mut pull.merged_by]) {
            if own.as_ref().is_some_and(|own| own.id == id) {
                *own = account.cloned();
            }
        }
        if let Some(fork) = pull.head_repo.as_ref().filter(|fork| fork.owner.id == id) {
            pull.head_repo = account.map(|owner| {
                Arc::new(Repo {
                    owner: owner.clone(),
                    ..(**fork).clone()
                })
            });
        }
    }

    /// The repository is stated like this from now on.
    pub fn repo_became(&mut self, repo: &Arc<Repo>) {
        if self.pull.repo.id == repo.id {
            self.pull.repo = Arc::clone(repo);
        }
    }
}

impl PullState {
    fn push(&mut self, diff: Diff) {
        self.additions = diff.additions;
        self.deletions = diff.deletions;
        self.changed_files = diff.changed_files;
        self.head_sha = diff.head_sha;
        self.commits += 1;
    }

    /// Acts that need no more than who and when; answers GitHub's word for them.
    fn turn(&mut self, act: &Act, by: &Account, at: Timestamp) -> &'static str {
        match act {
            Act::ConvertedToDraft => {
                self.draft = true;
                "converted_to_draft"
            }
            Act::ReadyForReview => {
                self.draft = false;
                "ready_for_review"
            }
            Act::Reopened => {
                self.closed_at = None;
                "reopened"
            }
            Act::Closed | Act::Merged => {
                self.closed_at = Some(at);
                if *act == Act::Merged {
                    (self.merged_at, self.merged_by) = (Some(at), Some(by.clone()));
                }
                "closed"
            }
            _ => "opened",
        }
    }
}

fn label_json(label: &Label) -> String {
    json!({
        "id": label.id,
        "name": label.name,
        "color": label.color,
        "default": false,
        "description": null,
    })
    .to_string()
}
