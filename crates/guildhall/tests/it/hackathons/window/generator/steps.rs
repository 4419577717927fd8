//! Steps of work, which become commits.

use std::collections::BTreeMap;

use kernel::Timestamp;

/// The work of a person before a commit.
#[derive(Clone)]
pub(super) struct Step {
    /// A login, or `NAME <EMAIL>`.
    pub(super) author: String,
    pub(super) message: String,
    /// New contents by path.
    pub(super) files: BTreeMap<String, String>,
    pub(super) co_authors: Vec<String>,
    /// When it was committed.
    pub(super) at: Timestamp,
    /// The author's time, if it is another.
    pub(super) written: Option<Timestamp>,
}

impl Step {
    pub(super) fn new(author: &str, message: &str) -> Self {
        Self {
            author: author.to_owned(),
            message: message.to_owned(),
            files: BTreeMap::new(),
            co_authors: Vec::new(),
            at: Timestamp::UNIX_EPOCH,
            written: None,
        }
    }

    pub(super) fn with(mut self, files: impl IntoIterator<Item = (String, String)>) -> Self {
        self.files.extend(files);
        self
    }

    pub(super) fn at(self, at: Timestamp) -> Self {
        Self { at, ..self }
    }
}

/// Makes one step of several, at the time of the last.
pub(super) fn squashed(steps: &[Step], message: &str) -> Option<Step> {
    let last = steps.last()?;
    let files = steps.iter().flat_map(|step| step.files.clone());
    let mut one = Step::new(&last.author, message).with(files).at(last.at);
    let people =
        steps.iter().flat_map(|step| std::iter::once(&step.author).chain(&step.co_authors));
    for person in people {
        if *person != one.author && !one.co_authors.contains(person) {
            one.co_authors.push(person.clone());
        }
    }
    Some(one)
}
