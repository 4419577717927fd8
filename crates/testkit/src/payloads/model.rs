use kernel::Timestamp;

/// GitHub's kind of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    User,
    /// An app; its login ends in `[bot]`.
    Bot,
    /// An organization, which can own repositories.
    Organization,
}

impl AccountKind {
    /// Returns GitHub's name of the kind: the field `type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Bot => "Bot",
            Self::Organization => "Organization",
        }
    }
}

/// An account on GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// GitHub's ID, which stays the same when the login changes.
    pub id: i64,
    pub login: String,
    /// Person, bot or organization.
    pub kind: AccountKind,
}

impl Account {
    pub fn user(id: i64, login: impl Into<String>) -> Self {
        Self { id, login: login.into(), kind: AccountKind::User }
    }

    pub fn organization(id: i64, login: impl Into<String>) -> Self {
        Self { id, login: login.into(), kind: AccountKind::Organization }
    }
}

/// A repository with GitHub's fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Repo {
    /// GitHub's ID, which stays the same when the name or the owner changes.
    pub id: i64,
    pub owner: Account,
    /// The name without its owner.
    pub name: String,
    /// The one-line description.
    pub description: Option<String>,
    /// The main programming language.
    pub language: Option<String>,
    /// Topics in lower case.
    pub topics: Vec<String>,
    /// True when only members can see it.
    pub private: bool,
    /// True when it is a fork.
    pub fork: bool,
    /// True when it is read-only.
    pub archived: bool,
    pub default_branch: String,
    /// The SPDX identifier of its license.
    pub license: Option<String>,
    /// The size in KiB, if it is known.
    pub size: Option<i64>,
    pub stars: i64,
    /// The number of open issues and pull requests.
    pub open_issues: i64,
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was last pushed to.
    pub pushed_at: Timestamp,
}

impl Repo {
    /// Creates a public repository with branch `main` at `at`.
    pub fn new(id: i64, owner: Account, name: impl Into<String>, at: Timestamp) -> Self {
        Self {
            id,
            owner,
            name: name.into(),
            description: None,
            language: Some(String::from("Rust")),
            topics: Vec::new(),
            private: false,
            fork: false,
            archived: false,
            default_branch: String::from("main"),
            license: None,
            size: None,
            stars: 0,
            open_issues: 0,
            created_at: at,
            updated_at: at,
            pushed_at: at,
        }
    }

    /// Returns `OWNER/NAME`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner.login, self.name)
    }

    /// Returns the fork of this repository that `owner` pushes to.
    #[must_use]
    pub fn forked_by(&self, owner: Account) -> Self {
        let id = self.id.wrapping_mul(100_000).wrapping_add(owner.id);
        Self { id, owner, fork: true, stars: 0, open_issues: 0, ..self.clone() }
    }
}

/// A label of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// GitHub's id.
    pub id: i64,
    /// The name as people wrote it.
    pub name: String,
    /// The color as six hexadecimal digits.
    pub color: String,
}

impl Label {
    /// Creates a label whose ID and color are derived from its name.
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        let sum = name.bytes().fold(7_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 0xff_ffff);
        Self { id: 1_000_000_000 + sum, color: format!("{sum:06x}"), name }
    }
}

/// A push of commits to a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushState {
    /// The full name of the branch, such as `refs/heads/main`.
    pub reference: String,
    /// The branch's commit before the push.
    pub before: String,
    /// The branch's commit after the push.
    pub after: String,
    /// True when history was rewritten.
    pub forced: bool,
    /// The message of the newest commit.
    pub message: String,
    pub at: Timestamp,
}

/// An issue with GitHub's fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueState {
    /// Its number in the repository.
    pub number: i64,
    /// GitHub's id.
    pub id: i64,
    pub author: Option<Account>,
    pub title: String,
    /// The description.
    pub body: Option<String>,
    /// Labels in the order in which they were added.
    pub labels: Vec<Label>,
    /// True when its conversation is locked.
    pub locked: bool,
    /// The people that it is assigned to.
    pub assignees: Vec<Account>,
    /// The author's relation to the repository.
    pub association: &'static str,
    /// The number of comments.
    pub comments: i64,
    /// The number of reactions.
    pub reactions: i64,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything last changed.
    pub updated_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// Why it was closed.
    pub state_reason: Option<&'static str>,
}

impl IssueState {
    /// Creates an open issue without labels.
    #[must_use]
    pub fn opened(
        number: i64,
        id: i64,
        author: Account,
        title: impl Into<String>,
        at: Timestamp,
    ) -> Self {
        Self {
            number,
            id,
            author: Some(author),
            title: title.into(),
            body: None,
            labels: Vec::new(),
            locked: false,
            assignees: Vec::new(),
            association: "NONE",
            comments: 0,
            reactions: 0,
            created_at: at,
            updated_at: at,
            closed_at: None,
            state_reason: None,
        }
    }
}

/// A repository's webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// GitHub's ID: the header `X-GitHub-Hook-ID`.
    pub id: i64,
    /// The URL that deliveries are sent to.
    pub url: String,
    /// Subscribed events; `*` for all.
    pub events: Vec<String>,
    /// True when deliveries are sent.
    pub active: bool,
    pub created_at: Timestamp,
}
