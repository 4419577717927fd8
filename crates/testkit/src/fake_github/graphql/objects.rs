use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    super::world::{HostedPull, HostedRepository, Issue, World},
    pages::ITEMS,
};
use crate::{
    fake_github::pulls::files_of,
    payloads::{Account, AccountKind, Label, Repo, ReviewState, Verdict, instant},
    story::{Act, PastAct},
};

pub(super) fn repository(world: &World, repo: &Repo) -> Value {
    json!({
        "__typename": "Repository",
        "databaseId": repo.id,
        "name": repo.name,
        "nameWithOwner": repo.full_name(),
        "isPrivate": repo.private,
        "isArchived": repo.archived,
        "isFork": repo.fork,
        "updatedAt": instant(repo.updated_at),
        "owner": account(world, &repo.owner),
    })
}

pub(super) fn place(world: &World, place: &HostedRepository) -> Value {
    let repo = &place.repo;
    let mut own = repository(world, repo);
    let topic = |name: &String| {
        let topic = json!({ "__typename": "Topic", "name": name });
        json!({ "__typename": "RepositoryTopic", "topic": topic })
    };
    let topics: Vec<Value> = repo.topics.iter().map(topic).collect();
    let language = repo.language.iter().map(|name| {
        let node = json!({ "__typename": "Language", "name": name });
        json!({ "__typename": "LanguageEdge", "size": 48_000, "node": node })
    });
    let license = repo.license.as_ref();
    let license = license.map(|id| json!({ "__typename": "License", "spdxId": id }));
    let guidelines = place.has_guidelines.then(|| {
        let url = format!("https://github.com/{}/blob/HEAD/CONTRIBUTING.md", repo.full_name());
        json!({ "__typename": "ContributingGuidelines", "url": url })
    });
    let is_fork = |other: &&HostedRepository| other.code.parent == Some(repo.id);
    own["description"] = json!(repo.description);
    own["repositoryTopics"] = list("RepositoryTopicConnection", &topics);
    own["languages"] =
        json!({ "__typename": "LanguageConnection", "edges": language.collect::<Vec<_>>() });
    own["stargazerCount"] = json!(repo.stars);
    own["forkCount"] = json!(world.places.iter().filter(is_fork).count());
    own["licenseInfo"] = json!(license);
    own["contributingGuidelines"] = json!(guidelines);
    own["pushedAt"] = json!(instant(repo.pushed_at));
    own
}

pub(super) fn issue(world: &World, place: &HostedRepository, issue: &Issue) -> Value {
    let state = &issue.state;
    let label = |own: &Label| json!({ "__typename": "Label", "name": own.name });
    let labels: Vec<Value> = state.labels.iter().map(label).collect();
    let assignees: Vec<Value> = state.assignees.iter().map(|own| account(world, own)).collect();
    let comment = |(at, association): &(Timestamp, &str)| json!({ "__typename": "IssueComment", "createdAt": instant(*at), "authorAssociation": association });
    let comments: Vec<Value> = issue.comments.iter().map(comment).collect();
    let reactions =
        vec![json!({ "__typename": "Reaction" }); state.reactions.clamp(0, 1_000) as usize];
    let linked = issue.closing_pulls(place);
    let linked: Vec<Value> = linked.map(|own| pull(world, own)).collect();
    json!({
        "__typename": "Issue",
        "fullDatabaseId": state.id.to_string(),
        "number": state.number,
        "title": state.title,
        "body": state.body.as_deref().unwrap_or_default(),
        "state": if state.closed_at.is_some() { "CLOSED" } else { "OPEN" },
        "stateReason": state.state_reason.map(str::to_uppercase),
        "locked": state.locked,
        "author": account_or_null(world, state.author.as_ref()),
        "authorAssociation": state.association,
        "labels": list("LabelConnection", &labels),
        "assignees": list("UserConnection", &assignees),
        "comments": list("IssueCommentConnection", &comments),
        "reactions": list("ReactionConnection", &reactions),
        "closedByPullRequestsReferences": list("PullRequestConnection", &linked),
        "createdAt": instant(state.created_at),
        "updatedAt": instant(state.updated_at),
        "closedAt": state.closed_at.map(instant),
    })
}

pub(super) fn rate(world: &World) -> Value {
    json!({
        "__typename": "RateLimit",
        "limit": world.switches.rate_limit,
        "remaining": world.switches.rate_remaining,
        "cost": 1,
    })
}

/// Returns an account. The login of a bot lacks its ending here, as on GitHub.
fn account(world: &World, account: &Account) -> Value {
    let login = match account.kind {
        AccountKind::Bot => account.login.trim_end_matches("[bot]"),
        _ => &account.login,
    };
    json!({
        "__typename": account.kind.name(),
        "login": login,
        "avatarUrl": format!("https://avatars.githubusercontent.com/u/{}?v=4", account.id),
        "databaseId": account.id,
        "createdAt": instant(world.created_at(account.id)),
    })
}

fn account_or_null(world: &World, known: Option<&Account>) -> Value {
    known.map_or(Value::Null, |known| account(world, known))
}

fn list(kind: &str, items: &[Value]) -> Value {
    json!({ "__typename": kind, ITEMS: items })
}

pub(super) fn pull(world: &World, pull: &HostedPull) -> Value {
    let (story, state) = (&pull.story, &pull.story.pull);
    let label = |name: &str| json!({ "__typename": "Label", "name": name });
    let labels: Vec<Value> = state.labels.iter().map(|own| label(&own.name)).collect();
    let reviews = story.reviews.iter();
    let reviews: Vec<Value> = reviews.map(|own| review(world, own)).collect();
    let files = files_of(pull);
    let files = files.iter().map(|file| {
        json!({
            "__typename": "PullRequestChangedFile",
            "path": file.filename,
            "additions": file.additions,
            "deletions": file.deletions,
        })
    });
    let files: Vec<Value> = files.collect();
    let events = story.past.iter().filter_map(|past| event(world, past));
    let events: Vec<Value> = events.collect();
    let commits =
        vec![json!({ "__typename": "PullRequestCommit" }); state.commits.clamp(0, 250) as usize];
    let closing = world.closed_issues(state).into_iter().map(|number| {
        let repository = repository(world, &state.repo);
        json!({ "__typename": "Issue", "number": number, "repository": repository })
    });
    let closing: Vec<Value> = closing.collect();
    json!({
        "__typename": "PullRequest",
        "fullDatabaseId": state.id.to_string(),
        "number": state.number,
        "title": state.title,
        "body": state.body.as_deref().unwrap_or_default(),
        "state": match (state.merged_at, state.closed_at) {
            (Some(_), _) => "MERGED",
            (None, Some(_)) => "CLOSED",
            (None, None) => "OPEN",
        },
        "isDraft": state.draft,
        "createdAt": instant(state.created_at),
        "updatedAt": instant(state.updated_at),
        "closedAt": state.closed_at.map(instant),
        "mergedAt": state.merged_at.map(instant),
        "author": account_or_null(world, state.author.as_ref()),
        "mergedBy": account_or_null(world, state.merged_by.as_ref()),
        "labels": list("LabelConnection", &labels),
        "additions": state.additions,
        "deletions": state.deletions,
        "changedFiles": state.changed_files,
        "authorAssociation": state.association,
        "commits": list("PullRequestCommitConnection", &commits),
        "baseRefName": state.base_ref,
        "headRefName": state.head_ref,
        "headRefOid": state.head_sha,
        "baseRepository": repository(world, &state.repo),
        "repository": repository(world, &state.repo),
        "closingIssuesReferences": list("IssueConnection", &closing),
        "reviews": list("PullRequestReviewConnection", &reviews),
        "files": list("PullRequestChangedFileConnection", &files),
        "timelineItems": list(
            "PullRequestTimelineItemsConnection",
            &events,
        ),
    })
}

fn review(world: &World, review: &ReviewState) -> Value {
    json!({
        "__typename": "PullRequestReview",
        "fullDatabaseId": review.id.to_string(),
        "state": verdict(review.verdict),
        "submittedAt": instant(review.submitted_at),
        "authorAssociation": review.association,
        "author": account_or_null(world, review.user.as_ref()),
    })
}

fn verdict(verdict: Verdict) -> String {
    verdict.name().to_uppercase()
}

/// Returns an event; `None` if the API has no event for the act.
fn event(world: &World, past: &PastAct) -> Option<Value> {
    let by = || account(world, &past.by);
    let label = |name: &str| json!({ "__typename": "Label", "name": name });
    let (kind, extra) = match &past.act {
        Act::Labeled(added) => ("LabeledEvent", json!({ "label": label(&added.name) })),
        Act::Unlabeled(removed) => ("UnlabeledEvent", json!({ "label": label(&removed.name) })),
        Act::Edited(title) => {
            let titles = json!({ "previousTitle": past.title, "currentTitle": title });
            ("RenamedTitleEvent", titles)
        }
        Act::ReadyForReview => ("ReadyForReviewEvent", json!({})),
        Act::ConvertedToDraft => ("ConvertToDraftEvent", json!({})),
        // GitHub closes a pull request that it merges.
        Act::Closed | Act::Merged => ("ClosedEvent", json!({})),
        Act::Reopened => ("ReopenedEvent", json!({})),
        Act::AutoMergeEnabled => {
            ("AutoMergeEnabledEvent", json!({ "actor": by(), "enabler": by() }))
        }
        Act::AutoMergeDisabled => ("AutoMergeDisabledEvent", json!({})),
        Act::Enqueued => ("AddedToMergeQueueEvent", json!({ "actor": by(), "enqueuer": by() })),
        Act::Dequeued(reason) => ("RemovedFromMergeQueueEvent", json!({ "reason": reason })),
        Act::ReviewDismissed(id) => {
            let review =
                json!({ "__typename": "PullRequestReview", "fullDatabaseId": id.to_string() });
            let before = past.verdict.map(verdict);
            let extra = json!({ "review": review, "previousReviewState": before });
            ("ReviewDismissedEvent", extra)
        }
        _ => return None,
    };
    let mut event = extra;
    event["__typename"] = json!(kind);
    event["createdAt"] = json!(instant(past.at));
    Some(event)
}
