use kernel::Timestamp;
use serde::{Deserialize, Deserializer, de::Error};

use super::super::{account, instant, names};

/// A repository, as the REST API returns it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RestDescription {
    /// GitHub's ID.
    pub id: i64,
    /// `owner/name`.
    #[serde(deserialize_with = "names::full_name_given")]
    pub full_name: String,
    /// True for a private one.
    pub private: bool,
    /// True for an archived one.
    pub archived: bool,
    /// When its settings last changed.
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pub updated_at: Option<Timestamp>,
}

/// The response to a query for a page of pull requests.
#[derive(Clone, Debug, Deserialize)]
pub struct PullsData {
    /// The repository; null if there is none with the name.
    pub repository: Option<Repository>,
}

/// A repository with a page of its pull requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Repository {
    /// GitHub's ID.
    pub database_id: i64,
    /// `owner/name`.
    #[serde(deserialize_with = "names::full_name_given")]
    pub name_with_owner: String,
    pub owner: Account,
    /// The page.
    pub pull_requests: Connection<QueriedPull>,
}

/// The response to a query for the rest of a pull request's lists.
#[derive(Clone, Debug, Deserialize)]
pub struct RestData {
    /// The repository; null if there is none with the name.
    pub repository: Option<RestRepository>,
}

/// A repository with the rest of one of its pull requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestRepository {
    /// GitHub's ID.
    pub database_id: i64,
    pub pull_request: Option<Lists>,
}

/// The lists of a pull request that can have several pages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lists {
    /// Reviews, oldest first.
    pub reviews: Option<Connection<Review>>,
    /// Changed files. Null while GitHub computes them.
    pub files: Option<Connection<File>>,
    /// Events, oldest first.
    pub timeline_items: Option<Connection<Event>>,
}

/// A page of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection<T> {
    /// The number of items on all pages, if requested.
    pub total_count: Option<i64>,
    /// The place of the next page.
    pub page_info: PageInfo,
    /// The items. GitHub leaves null where it cannot read one.
    pub nodes: Vec<Option<T>>,
}

/// The place of the next page of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// True if there is another page.
    pub has_next_page: bool,
    /// The place after the last item.
    pub end_cursor: Option<String>,
}

impl<T> Connection<T> {
    /// Returns the place of the next page, if there is one.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        let next = self.page_info.end_cursor.as_deref();
        next.filter(|_| self.page_info.has_next_page)
    }
}

/// A pull request.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueriedPull {
    /// GitHub's ID, as in deliveries.
    #[serde(deserialize_with = "big_int")]
    pub full_database_id: i64,
    /// The number in the repository.
    pub number: i64,
    pub title: String,
    /// The description.
    pub body: Option<String>,
    /// `OPEN`, `CLOSED` or `MERGED`.
    pub state: String,
    /// True for a draft.
    pub is_draft: bool,
    /// When it was opened.
    #[serde(deserialize_with = "instant::of_text")]
    pub created_at: Timestamp,
    /// When anything last changed.
    #[serde(deserialize_with = "instant::of_text")]
    pub updated_at: Timestamp,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pub closed_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pub merged_at: Option<Timestamp>,
    /// The author; null for a deleted account.
    pub author: Option<Account>,
    pub merged_by: Option<Account>,
    pub labels: Option<Labels>,
    /// Lines added.
    pub additions: i64,
    /// Lines deleted.
    pub deletions: i64,
    /// The number of changed files.
    pub changed_files: i64,
    pub commits: Total,
    /// The target branch.
    pub base_ref_name: String,
    /// The source branch.
    pub head_ref_name: String,
    /// The source commit.
    pub head_ref_oid: String,
    /// The target repository.
    pub base_repository: Option<BaseRepository>,
    /// The issues that it closes when it is merged.
    pub closing_issues_references: Option<ClosingIssues>,
    /// The lists that can have several pages.
    #[serde(flatten)]
    pub lists: Lists,
}

/// The issues that a pull request closes.
#[derive(Clone, Debug, Deserialize)]
pub struct ClosingIssues {
    pub nodes: Vec<Option<ClosingIssue>>,
}

/// An issue that a pull request closes.
#[derive(Clone, Debug, Deserialize)]
pub struct ClosingIssue {
    pub number: i64,
    pub repository: ClosingRepository,
}

/// The repository of an issue that a pull request closes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClosingRepository {
    /// GitHub's ID.
    pub database_id: i64,
    /// `owner/name`.
    #[serde(deserialize_with = "names::full_name_given")]
    pub name_with_owner: String,
}

/// The labels of a pull request. GitHub allows 100.
#[derive(Clone, Debug, Deserialize)]
pub struct Labels {
    pub nodes: Vec<Option<Label>>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Label {
    pub name: String,
}

/// The size of a list.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// The number of items.
    pub total_count: i64,
}

/// The target repository of a pull request.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BaseRepository {
    /// GitHub's ID.
    pub database_id: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// `User`, `Bot`, `Organization` or another kind.
    #[serde(rename = "__typename")]
    pub kind: String,
    /// The login. That of a bot lacks the ending `[bot]` here.
    pub login: String,
    pub avatar_url: Option<String>,
    /// GitHub's ID. Some kinds have none.
    pub database_id: Option<i64>,
    /// When it was created; requested of people only.
    #[serde(default, deserialize_with = "identity::model::creation")]
    pub created_at: Option<Timestamp>,
}

impl Account {
    /// Returns the account as deliveries state it.
    #[must_use]
    pub fn stated(&self) -> account::Account {
        let is_bare = self.kind == "Bot" && !self.login.ends_with("[bot]");
        let ending = if is_bare { "[bot]" } else { "" };
        let login = format!("{}{ending}", self.login);
        account::Account {
            id: self.database_id,
            login: Some(login),
            r#type: Some(self.kind.clone()),
            avatar_url: self.avatar_url.clone(),
            created_at: self.created_at,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// GitHub's ID, as in deliveries.
    #[serde(deserialize_with = "big_int")]
    pub full_database_id: i64,
    /// `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED` or `PENDING`.
    pub state: String,
    /// When it was submitted; null while pending.
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pub submitted_at: Option<Timestamp>,
    /// The reviewer's relation to the repository.
    pub author_association: String,
    /// The reviewer; null for a deleted account.
    pub author: Option<Account>,
}

/// A changed file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct File {
    pub path: String,
    /// Lines added.
    pub additions: i64,
    /// Lines deleted.
    pub deletions: i64,
}

/// An event of a pull request. Others are not requested, and empty if GitHub returns them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The kind, such as `LabeledEvent`.
    #[serde(rename = "__typename")]
    pub kind: String,
    /// When it happened.
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    pub created_at: Option<Timestamp>,
    /// The label that was added or removed.
    pub label: Option<Label>,
    /// The title before it was changed.
    pub previous_title: Option<String>,
    /// The state of a review before it was dismissed.
    pub previous_review_state: Option<String>,
    pub review: Option<DismissedReview>,
    /// The person or bot who did it; requested for the merge queue and auto-merge.
    pub actor: Option<Account>,
    /// The person who enabled auto-merge.
    pub enabler: Option<Account>,
    /// The person who added it to the merge queue.
    pub enqueuer: Option<Account>,
    /// Why it left the merge queue.
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DismissedReview {
    /// GitHub's ID, as in deliveries.
    #[serde(deserialize_with = "big_int")]
    pub full_database_id: i64,
}

/// Reads GitHub's `BigInt`, which is text.
pub(crate) fn big_int<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum BigInt {
        Text(String),
        Number(i64),
    }
    match BigInt::deserialize(from)? {
        BigInt::Number(number) => Ok(number),
        BigInt::Text(text) => {
            text.parse().map_err(|_| D::Error::custom(format!("{text:?} is not a whole number")))
        }
    }
}
