use kernel::Timestamp;
use serde::{Deserialize, de::IgnoredAny};

use super::stated::{LONGEST_BODY, LONGEST_WORD, Rank, StatedIssue, assignee_ids};
use crate::rules::{
    account::{self, Account},
    instant,
    payload::{LONGEST_TITLE, Label, Repo, label_names, plain},
};

/// An `issues` or `issue_comment` delivery.
#[derive(Clone, Debug, Deserialize)]
pub struct IssueEvent {
    /// The change, such as `opened`.
    pub action: String,
    /// The current issue.
    pub issue: IssueObject,
    pub repository: Repo,
    /// The comment that the action is about, if it is about one.
    #[serde(default)]
    comment: Option<IgnoredAny>,
}

/// An issue, with the fields that the payload includes.
#[derive(Clone, Debug, Deserialize)]
pub struct IssueObject {
    id: i64,
    number: i64,
    #[serde(default)]
    title: String,
    body: Option<String>,
    state: Option<String>,
    state_reason: Option<String>,
    #[serde(default)]
    locked: bool,
    #[serde(default)]
    labels: Vec<Label>,
    #[serde(default)]
    assignees: Vec<Assignee>,
    #[serde(default, deserialize_with = "account::unless_ghost")]
    user: Option<Account>,
    author_association: Option<String>,
    #[serde(default)]
    comments: i64,
    reactions: Option<Reactions>,
    #[serde(deserialize_with = "instant::of_text")]
    created_at: Timestamp,
    #[serde(deserialize_with = "instant::of_text")]
    updated_at: Timestamp,
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    closed_at: Option<Timestamp>,
    /// Present if it is a pull request.
    pull_request: Option<IgnoredAny>,
}

#[derive(Clone, Debug, Deserialize)]
struct Assignee {
    id: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Reactions {
    #[serde(default)]
    total_count: i64,
}

impl IssueEvent {
    /// Returns the statement, or `None` for a pull request, which GitHub also delivers as an issue, and for an issue without
    /// its state: GitHub leaves it out, together with the labels, when an issue was pinned. Times after the receipt are moved
    /// to it.
    #[must_use]
    pub fn stated(&self, received_at: Timestamp) -> Option<StatedIssue> {
        let issue = &self.issue;
        if issue.pull_request.is_some() {
            return None;
        }
        let state = issue.state.as_deref()?;
        let gone = match self.action.as_str() {
            "deleted" if self.comment.is_none() => Some("deleted"),
            "transferred" => Some("transferred"),
            _ => None,
        };
        let mut stated = StatedIssue {
            number: issue.number,
            github_id: issue.id,
            title: plain(&issue.title, LONGEST_TITLE),
            body: plain(issue.body.as_deref().unwrap_or_default(), LONGEST_BODY),
            labels: label_names(&issue.labels),
            is_closed: state != "open" || gone.is_some(),
            state_reason: gone
                .or(issue.state_reason.as_deref())
                .map(|why| plain(why, LONGEST_WORD)),
            is_locked: issue.locked,
            author_is_bot: issue.user.as_ref().and_then(Account::is_bot).unwrap_or(false),
            author_association: plain(
                issue.author_association.as_deref().unwrap_or("NONE"),
                LONGEST_WORD,
            ),
            assignees: issue.assignees.len() as i64,
            assignee_ids: assignee_ids(issue.assignees.iter().filter_map(|person| person.id)),
            open_pulls: None,
            comments: issue.comments.max(0),
            reactions: issue.reactions.as_ref().map(|reactions| reactions.total_count.max(0)),
            opened_at: issue.created_at.min(received_at),
            changed_at: issue.updated_at.min(received_at),
            closed_at: issue.closed_at.map(|at| at.min(received_at)),
            rank: Rank::Gone,
        };
        match gone {
            // Nothing can follow in this repository.
            Some(_) => stated.changed_at = received_at,
            None => stated.rank = Rank::of_delivery(&format!("{stated:?}")),
        }
        Some(stated)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::{Value, json};

    use super::*;

    fn stated(changed: impl FnOnce(&mut Value)) -> Option<StatedIssue> {
        let mut event = json!({
            "action": "edited",
            "issue": {
                "id": 7, "number": 3, "title": "Sort by name", "state": "open", "labels": [{ "name": "bug" }],
                "created_at": "2026-11-01T08:00:00Z", "updated_at": "2026-11-02T08:00:00Z",
            },
            "repository": { "id": 1, "full_name": "octo-org/lantern" },
        });
        changed(&mut event);
        let event: IssueEvent = serde_json::from_value(event).expect("an event");
        event.stated(DateTime::from_timestamp(1_800_000_000, 0).expect("a time"))
    }

    #[test]
    fn an_open_issue_is_stated() {
        let stated = stated(|_| ()).expect("a statement");
        assert!(!stated.is_closed);
        assert_eq!(stated.labels, ["bug"]);
    }

    #[test]
    fn a_pinned_issue_without_its_state_says_nothing() {
        let pinned = |event: &mut Value| {
            event["action"] = json!("pinned");
            for left_out in ["state", "labels"] {
                event["issue"].as_object_mut().expect("an object").remove(left_out);
            }
        };
        assert_eq!(stated(pinned), None);
    }

    #[test]
    fn a_pull_request_says_nothing() {
        let pull = |event: &mut Value| event["issue"]["pull_request"] = json!({});
        assert_eq!(stated(pull), None);
    }
}
