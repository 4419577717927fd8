use std::collections::BTreeSet;

use kernel::Timestamp;

use super::types::{ClosingIssue, Event, QueriedPull, Review as QueriedReview};
use crate::rules::{
    account::Account,
    closing::reference_to,
    merge::ends_in_merge,
    payload::{Branch, BranchRepository, Label, Pull, Review, StatedRequest, StatedRequests},
};

/// A state of a pull request, as a delivery would have stated it.
#[derive(Clone, Debug)]
pub struct PastState {
    /// The pull request at that time.
    pub pull: Pull,
    /// The review that was submitted or dismissed then.
    pub review: Option<Review>,
}

/// A change of a pull request.
enum Change<'a> {
    Labeled(&'a str),
    Unlabeled(&'a str),
    Renamed(&'a str),
    Ready,
    Drafted,
    Closed,
    Reopened,
    Reviewed(Review),
}

/// The facts that events change.
#[derive(Clone)]
struct State {
    title: String,
    labels: BTreeSet<String>,
    draft: bool,
}

/// Returns the states of a pull request, the current one first: one of each second in which anything changed, and one for each
/// review that was submitted or dismissed. What is unknown of earlier states, such as their sizes, is left out.
#[must_use]
pub fn past_states(queried: &QueriedPull) -> Vec<PastState> {
    let author = account(queried.author.as_ref());
    let merged_by = account(queried.merged_by.as_ref());
    let changes = changes(queried);
    let closed = closed_times(&changes, queried.closed_at);
    let mut state = State::of(queried);
    let present = full(queried, author.clone(), merged_by.clone());
    let mut states = vec![PastState { pull: present, review: None }];
    let earlier = |at: Timestamp, state: &State, closed_at: Option<Timestamp>| {
        let is_merged = queried.merged_at.is_some_and(|merged_at| at >= merged_at);
        Pull {
            state: if closed_at.is_some() { "closed" } else { "open" }.to_owned(),
            title: Some(state.title.clone()),
            labels: Some(labels(&state.labels)),
            draft: Some(state.draft),
            updated_at: at,
            closed_at,
            merged_at: queried.merged_at.filter(|_| is_merged),
            merged_by: merged_by.clone().filter(|_| is_merged),
            ..bare(queried, author.clone())
        }
    };
    for ((at, change), closed_at) in changes.into_iter().zip(closed).rev() {
        let is_known = states.last().is_some_and(|last| last.pull.updated_at == at);
        let review = match change {
            Change::Reviewed(review) => Some(review),
            change => {
                if !is_known {
                    let pull = earlier(at, &state, closed_at);
                    states.push(PastState { pull, review: None });
                }
                state.undo(&change);
                continue;
            }
        };
        let pull = match states.last() {
            Some(last) if is_known => last.pull.clone(),
            _ => earlier(at, &state, closed_at),
        };
        states.push(PastState { pull, review });
    }
    if states.last().is_none_or(|last| last.pull.updated_at > queried.created_at) {
        let pull = earlier(queried.created_at, &state, None);
        states.push(PastState { pull, review: None });
    }
    request_merges(&mut states, queried);
    states
}

/// Adds the requests to merge: to the state of their second, or as a state that says nothing else, so that what was
/// known of that time stays. Those of one second stay in GitHub's order, so the last counts.
fn request_merges(states: &mut Vec<PastState>, queried: &QueriedPull) {
    for event in nodes(queried.lists.timeline_items.as_ref()) {
        let Some((list, request)) = merge_request(event, queried.merged_at) else {
            continue;
        };
        let at = event.created_at.filter(|at| *at <= queried.updated_at);
        let is_before = |state: &PastState| {
            state.review.is_none() && at.is_some_and(|at| state.pull.updated_at <= at)
        };
        let Some((index, at)) = states.iter().position(is_before).zip(at) else {
            continue;
        };
        if states[index].pull.updated_at < at {
            let pull = Pull {
                title: None,
                labels: None,
                draft: None,
                updated_at: at,
                requests: StatedRequests::default(),
                ..states[index].pull.clone()
            };
            states.insert(index, PastState { pull, review: None });
        }
        *list(&mut states[index].pull.requests) = Some(request);
    }
}

type RequestList = fn(&mut StatedRequests) -> &mut Option<StatedRequest>;

/// Returns what an event states about auto-merge or the merge queue. What ends because of the merge is not withdrawn.
fn merge_request(
    event: &Event,
    merged_at: Option<Timestamp>,
) -> Option<(RequestList, StatedRequest)> {
    let auto_merge: RequestList = |requests| &mut requests.auto_merge;
    let merge_queue: RequestList = |requests| &mut requests.merge_queue;
    let is_after = merged_at.is_some_and(|merged_at| event.created_at >= Some(merged_at));
    let by = |named: Option<&super::types::Account>| {
        account(named.or(event.actor.as_ref())).map(StatedRequest::By)
    };
    match event.kind.as_str() {
        "AutoMergeEnabledEvent" | "AutoSquashEnabledEvent" | "AutoRebaseEnabledEvent" => {
            Some((auto_merge, by(event.enabler.as_ref())?))
        }
        "AutoMergeDisabledEvent" if !is_after => Some((auto_merge, StatedRequest::Withdrawn)),
        "AddedToMergeQueueEvent" => Some((merge_queue, by(event.enqueuer.as_ref())?)),
        "RemovedFromMergeQueueEvent" if !is_after && !ends_in_merge(event.reason.as_deref()) => {
            Some((merge_queue, StatedRequest::Withdrawn))
        }
        _ => None,
    }
}

impl State {
    fn of(queried: &QueriedPull) -> Self {
        let labels = queried.labels.iter().flat_map(|labels| &labels.nodes);
        Self {
            title: queried.title.clone(),
            labels: labels.flatten().map(|label| label.name.clone()).collect(),
            draft: queried.is_draft,
        }
    }

    /// Takes back a change, so that the state is the one before.
    fn undo(&mut self, change: &Change<'_>) {
        match change {
            Change::Labeled(label) => drop(self.labels.remove(*label)),
            Change::Unlabeled(label) => drop(self.labels.insert((*label).to_owned())),
            Change::Renamed(before) => (*before).clone_into(&mut self.title),
            Change::Ready => self.draft = true,
            Change::Drafted => self.draft = false,
            Change::Closed | Change::Reopened | Change::Reviewed(_) => {}
        }
    }
}

/// Returns the changes of a pull request, oldest first. Those of one second stay in GitHub's order.
fn changes(queried: &QueriedPull) -> Vec<(Timestamp, Change<'_>)> {
    let events = nodes(queried.lists.timeline_items.as_ref());
    let reviews: Vec<&QueriedReview> = nodes(queried.lists.reviews.as_ref()).collect();
    let mut changes = Vec::new();
    for event in events.clone() {
        if let Some(change) = change(event)
            && let Some(at) = event.created_at
        {
            changes.push((at, change));
        }
    }
    for review in reviews {
        let Some(submitted_at) = review.submitted_at else {
            continue;
        };
        let dismissal = events.clone().find(|event| dismisses(event, review));
        let stated = |state: &str| stated_review(review, submitted_at, state);
        match dismissal {
            Some(event) => {
                let before = event.previous_review_state.as_deref();
                let before = stated(before.unwrap_or("COMMENTED"));
                changes.push((submitted_at, Change::Reviewed(before)));
                let at = event.created_at.unwrap_or(queried.updated_at);
                changes.push((at, Change::Reviewed(stated("DISMISSED"))));
            }
            None => changes.push((submitted_at, Change::Reviewed(stated(&review.state)))),
        }
    }
    // Further pages of the lists are read later than the pull request.
    changes.retain(|(at, _)| *at <= queried.updated_at);
    changes.sort_by_key(|(at, _)| *at);
    changes
}

fn nodes<T>(connection: Option<&super::types::Connection<T>>) -> impl Iterator<Item = &T> + Clone {
    connection.into_iter().flat_map(|connection| connection.nodes.iter().flatten())
}

fn change(event: &Event) -> Option<Change<'_>> {
    let label = || Some(event.label.as_ref()?.name.as_str());
    Some(match event.kind.as_str() {
        "LabeledEvent" => Change::Labeled(label()?),
        "UnlabeledEvent" => Change::Unlabeled(label()?),
        "RenamedTitleEvent" => Change::Renamed(event.previous_title.as_deref()?),
        "ReadyForReviewEvent" => Change::Ready,
        "ConvertToDraftEvent" => Change::Drafted,
        "ClosedEvent" => Change::Closed,
        "ReopenedEvent" => Change::Reopened,
        _ => return None,
    })
}

fn dismisses(event: &Event, review: &QueriedReview) -> bool {
    let dismissed = event.review.as_ref().map(|review| review.full_database_id);
    event.kind == "ReviewDismissedEvent" && dismissed == Some(review.full_database_id)
}

fn stated_review(review: &QueriedReview, submitted_at: Timestamp, state: &str) -> Review {
    Review {
        id: review.full_database_id,
        user: account(review.author.as_ref()),
        state: state.to_ascii_lowercase(),
        submitted_at: Some(submitted_at),
        author_association: Some(review.author_association.clone()),
    }
}

/// Returns for each change since when the pull request was closed after it; `None` if it was open.
fn closed_times(
    changes: &[(Timestamp, Change<'_>)],
    closed_at: Option<Timestamp>,
) -> Vec<Option<Timestamp>> {
    let mut closed = None;
    let times = changes.iter().map(|(at, change)| {
        match change {
            Change::Closed => closed = Some(*at),
            Change::Reopened => closed = None,
            _ => {}
        }
        closed.or(closed_at.filter(|closed_at| at >= closed_at))
    });
    times.collect()
}

fn account(queried: Option<&super::types::Account>) -> Option<Account> {
    let stated = queried.map(super::types::Account::stated);
    stated.filter(Account::is_someones)
}

fn labels(names: &BTreeSet<String>) -> Vec<Label> {
    let label = |name: &String| Label { name: Some(name.clone()) };
    names.iter().map(label).collect()
}

/// Returns the current state with all facts.
fn full(queried: &QueriedPull, author: Option<Account>, merged_by: Option<Account>) -> Pull {
    let state = State::of(queried);
    let reference = |name: &str, sha: Option<&str>| Branch {
        r#ref: Some(name.to_owned()),
        sha: sha.map(str::to_owned),
        repo: None,
    };
    Pull {
        state: if queried.state == "OPEN" { "open" } else { "closed" }.to_owned(),
        title: Some(state.title),
        // An absent description is empty here, and null in deliveries.
        body: queried.body.clone().filter(|body| !body.is_empty()),
        labels: Some(labels(&state.labels)),
        draft: Some(state.draft),
        closed_at: queried.closed_at,
        merged_at: queried.merged_at,
        merged_by,
        additions: Some(queried.additions),
        deletions: Some(queried.deletions),
        changed_files: Some(queried.changed_files),
        commits: Some(queried.commits.total_count),
        base: Some(Branch { repo: base(queried), ..reference(&queried.base_ref_name, None) }),
        head: Some(reference(&queried.head_ref_name, Some(&queried.head_ref_oid))),
        closes: Some(closes(queried)),
        ..bare(queried, author)
    }
}

fn base(queried: &QueriedPull) -> Option<BranchRepository> {
    let repository = queried.base_repository.as_ref()?;
    Some(BranchRepository {
        id: repository.database_id,
        owner: None,
        full_name: None,
        default_branch: None,
    })
}

/// Returns the facts that never change.
fn bare(queried: &QueriedPull, user: Option<Account>) -> Pull {
    Pull {
        id: queried.full_database_id,
        number: queried.number,
        state: String::new(),
        title: None,
        body: None,
        user,
        labels: None,
        draft: None,
        created_at: queried.created_at,
        updated_at: queried.updated_at,
        closed_at: None,
        merged_at: None,
        merged_by: None,
        auto_merge: None,
        requests: StatedRequests::default(),
        additions: None,
        deletions: None,
        changed_files: None,
        commits: None,
        base: Some(Branch { r#ref: None, sha: None, repo: base(queried) }),
        head: None,
        closes: None,
    }
}

/// Returns the issues that it closes.
fn closes(queried: &QueriedPull) -> Vec<String> {
    let own = queried.base_repository.as_ref().map(|base| base.database_id);
    let issues = queried.closing_issues_references.iter();
    let issues = issues.flat_map(|list| list.nodes.iter().flatten());
    let reference = |issue: &ClosingIssue| {
        let repository = &issue.repository;
        let other = Some(repository.name_with_owner.as_str());
        let other = other.filter(|_| Some(repository.database_id) != own);
        reference_to(other, issue.number, None)
    };
    let mut closes: Vec<String> = issues.map(reference).collect();
    closes.sort_unstable();
    closes.dedup();
    closes
}
