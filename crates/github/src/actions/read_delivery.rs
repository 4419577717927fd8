use kernel::Timestamp;

use crate::{
    rules::{
        checks::{CheckSuiteEvent, StatedResult, WorkflowRunEvent},
        installation::{InstallationEvent, InstallationRepositoriesEvent},
        issues::{IssueEvent, StatedIssue},
        payload::{
            AuthorizationEvent, MemberEvent, Pull, PullRequestEvent, PushEvent, Repo,
            RepositoryEvent, Review, ReviewEvent, Unexpected, read,
        },
    },
    store::deliveries::ClaimedHead,
};

/// A parsed delivery.
pub(super) enum Read {
    Pull(Box<Pull>, Repo),
    Review(Box<Pull>, Box<Review>, Repo),
    /// A push, and when the delivery was received.
    Push(PushEvent, Timestamp),
    /// A result of checks, if there is one yet.
    Checks(Repo, Option<StatedResult>),
    Repository(RepositoryEvent),
    /// An issue, unless the payload is about a pull request.
    Issue(Repo, Option<Box<StatedIssue>>),
    /// A changed role, with the webhook that delivered it.
    Member(MemberEvent, Option<i64>),
    /// An installation of the GitHub App, and when the delivery was received.
    Installation(InstallationEvent, Timestamp),
    /// The repositories of an installation, and when the delivery was received.
    InstallationRepositories(InstallationRepositoriesEvent, Timestamp),
    /// An event of the GitHub App that something else delivered.
    NotOfApp,
    /// A statement of the GitHub App about a repository that its installation does not include.
    NotIncluded,
    Authorization(AuthorizationEvent),
    Ping,
    NotUsed,
}

/// Parses the body of a delivery. Times that are after the receipt are moved to it.
pub(super) fn read_delivery(delivery: &ClaimedHead, body: &[u8]) -> Result<Read, Unexpected> {
    let received_at = delivery.received_at;
    let read = match delivery.event.as_str() {
        "pull_request" => {
            let (pull, repository) = read::<PullRequestEvent>(body)?.stated();
            Read::Pull(Box::new(pull), repository)
        }
        "pull_request_review" => {
            let ReviewEvent { review, pull_request, repository } = read(body)?;
            Read::Review(Box::new(pull_request), Box::new(review), repository)
        }
        "push" => Read::Push(read(body)?, received_at),
        "workflow_run" => {
            let event: WorkflowRunEvent = read(body)?;
            let result = event.result(received_at);
            Read::Checks(event.repository, result)
        }
        "check_suite" => {
            let event: CheckSuiteEvent = read(body)?;
            let result = event.result(received_at);
            Read::Checks(event.repository, result)
        }
        "issues" | "issue_comment" => {
            let event: IssueEvent = read(body)?;
            let stated = event.stated(received_at).map(Box::new);
            Read::Issue(event.repository, stated)
        }
        "repository" => Read::Repository(read(body)?),
        "member" => Read::Member(read(body)?, delivery.hook_id),
        "installation" | "installation_repositories" if delivery.installation_id.is_none() => {
            Read::NotOfApp
        }
        "installation" => Read::Installation(read(body)?, received_at),
        "installation_repositories" => Read::InstallationRepositories(read(body)?, received_at),
        "github_app_authorization" => Read::Authorization(read(body)?),
        "ping" => Read::Ping,
        _ => Read::NotUsed,
    };
    Ok(read.clamp(received_at))
}

impl Read {
    /// Moves times that are after the receipt to it. Otherwise, a statement from the year 2999 would win over all later
    /// ones.
    fn clamp(mut self, received_at: Timestamp) -> Self {
        match &mut self {
            Self::Pull(pull, repository) => {
                pull.clamp(received_at);
                repository.clamp(received_at);
            }
            Self::Review(pull, review, repository) => {
                pull.clamp(received_at);
                review.clamp(received_at);
                repository.clamp(received_at);
            }
            Self::Push(push, _) => push.clamp(received_at),
            // The rules of checks and of issues move their times.
            Self::Checks(repository, _) | Self::Issue(repository, _) => {
                repository.clamp(received_at);
            }
            Self::Repository(event) => event.repository.clamp(received_at),
            Self::Member(event, _) => event.repository.clamp(received_at),
            // The rules of installations move their times.
            Self::Installation(..) | Self::InstallationRepositories(..) => {}
            Self::Authorization(_)
            | Self::Ping
            | Self::NotUsed
            | Self::NotOfApp
            | Self::NotIncluded => {}
        }
        self
    }

    /// Returns the repository that it is about.
    pub(super) fn repository(&self) -> Option<&Repo> {
        match self {
            Self::Pull(_, repository) | Self::Review(_, _, repository) => Some(repository),
            Self::Push(push, _) => Some(&push.repository),
            Self::Checks(repository, _) | Self::Issue(repository, _) => Some(repository),
            Self::Repository(event) => Some(&event.repository),
            Self::Member(event, _) => Some(&event.repository),
            Self::Installation(..)
            | Self::InstallationRepositories(..)
            | Self::NotOfApp
            | Self::NotIncluded
            | Self::Authorization(_)
            | Self::Ping
            | Self::NotUsed => None,
        }
    }

    /// Returns true if it is recorded for repositories that are not registered, but watched or followed.
    pub(super) fn is_of_watched(&self) -> bool {
        matches!(self, Self::Push(..) | Self::Checks(..) | Self::Repository(_) | Self::Issue(..))
    }

    /// Returns the time of the payload's data about its repository.
    pub(super) fn seen_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pull(pull, _) => Some(pull.updated_at),
            Self::Review(pull, review, _) => Some(review_seen_at(pull, review)),
            // A commit's time comes from its author, not from GitHub.
            Self::Push(..) => None,
            Self::Issue(_, stated) => stated.as_ref().map(|stated| stated.changed_at),
            Self::Repository(event) => event.repository.updated_at,
            Self::Member(..)
            | Self::Checks(..)
            | Self::Installation(..)
            | Self::InstallationRepositories(..)
            | Self::NotOfApp
            | Self::NotIncluded
            | Self::Authorization(_)
            | Self::Ping
            | Self::NotUsed => None,
        }
    }
}

/// Returns the time of a review's payload.
pub(super) fn review_seen_at(pull: &Pull, review: &Review) -> Timestamp {
    pull.updated_at.max(review.submitted_at.unwrap_or(pull.updated_at))
}
