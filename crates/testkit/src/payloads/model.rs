use kernel::Timestamp;

/// Kind of an account, as GitHub states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// A person.
    User,
    /// An app that acts by itself; its login ends in `[bot]`.
    Bot,
    /// An owner of repositories that is no person.
    Organization,
}

impl AccountKind {
    /// GitHub's word for it: the field `type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Bot => "Bot",
            Self::Organization => "Organization",
        }
    }
}

/// An account at GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// GitHub's id: stays when the login changes.
    pub id: i64,
    /// The present login.
    pub login: String,
    /// Person, bot or organization.
    pub kind: AccountKind,
}

impl Account {
    /// A person.
    pub fn user(id: i64, login: impl Into<String>) -> Self {
        Self {
            id,
            login: login.into(),
            kind: AccountKind::User,
        }
    }

    /// An organization.
    pub fn organization(id: i64, login: impl Into<String>) -> Self {
        Self {
            id,
            login: login.into(),
            kind: AccountKind::Organization,
        }
    }
}

/// A repository as GitHub states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Repo {
    /// GitHub's id: stays when the name or the owner changes.
    pub id: i64,
    /// Its owner.
    pub owner: Account,
    /// The name without its owner.
    pub name: String,
    /// One line about it.
    pub description: Option<String>,
    /// The main programming language.
    pub language: Option<String>,
    /// Topics, lower-case.
    pub topics: Vec<String>,
    /// Visible to its members only.
    pub private: bool,
    /// A copy of another repository.
    pub fork: bool,
    /// Read-only.
    pub archived: bool,
    /// The branch that pull requests usually go to.
    pub default_branch: String,
    /// People who starred it.
    pub stars: i64,
    /// Open issues and pull requests.
    pub open_issues: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was last pushed to.
    pub pushed_at: Timestamp,
}

impl Repo {
    /// A public repository with branch `main`, created at `at`.
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
            stars: 0,
            open_issues: 0,
            created_at: at,
            updated_at: at,
            pushed_at: at,
        }
    }

    /// `OWNER/NAME`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner.login, self.name)
    }

    /// Makes the fork of this repository that `owner` pushes to.
    #[must_use]
    pub fn forked_by(&self, owner: Account) -> Self {
        let id = self.id.wrapping_mul(100_000).wrapping_add(owner.id);
        Self {
            id,
            owner,
            fork: true,
            stars: 0,
            open_issues: 0,
            ..self.clone()
        }
    }
}

/// A label of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// GitHub's id.
    pub id: i64,
    /// As people wrote it.
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
}

impl Label {
    /// A label whose id and color follow from its name.
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        let sum = name
            .bytes()
            .fold(7_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 0xff_ffff);
        Self {
            id: 1_000_000_000 + sum,
            color: format!("{sum:06x}"),
            name,
        }
    }
}

/// Commits that arrived on a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushState {
    /// The full name, such as `refs/heads/main`.
    pub reference: String,
    /// The branch's commit before.
    pub before: String,
    /// The branch's commit after.
    pub after: String,
    /// History was rewritten.
    pub forced: bool,
    /// The message of the newest commit.
    pub message: String,
    /// When it was pushed.
    pub at: Timestamp,
}

/// An issue as GitHub states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueState {
    /// Its number in the repository.
    pub number: i64,
    /// GitHub's id.
    pub id: i64,
    /// Its author.
    pub author: Option<Account>,
    /// The title.
    pub title: String,
    /// The description.
    pub body: Option<String>,
    /// Labels in the order they were given.
    pub labels: Vec<Label>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything last changed.
    pub updated_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// A repository's webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// GitHub's id: the header `X-GitHub-Hook-ID`.
    pub id: i64,
    /// Address of deliveries.
    pub url: String,
    /// Events it asked for; `*` is every one.
    pub events: Vec<String>,
    /// Deliveries are sent.
    pub active: bool,
    /// When it was created.
    pub created_at: Timestamp,
}
