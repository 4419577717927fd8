//! The checks of a submission: evidence in, a report out. The program reports; only people disqualify.

mod authors;
mod copies;
mod evidence;
mod files;
mod forced;
mod frozen;
mod paths;
mod secrets;
#[cfg(test)]
mod tests;
mod window;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::{CheckKind, CheckOutcome, Verdict};

pub use authors::is_by_member;
pub use copies::is_close;
pub use evidence::{
    Access, Author, Commit, Evidence, File, Host, Member, Push, Repository, Secret, SharedFiles,
    Window,
};
pub use forced::mark_forced;
pub use frozen::frozen_commit;
pub use paths::{Blob, compared_blobs};
pub use secrets::{Scanner, is_scanned};

/// The maximum number of commits that a check names.
const MOST_NAMED: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The code of the check.
    pub kind: String,
    /// The code of the outcome.
    pub outcome: CheckOutcome,
    /// The evidence in sentences. It names no people: commits lead to their authors.
    pub evidence: Vec<String>,
    /// The commits that it is about, at most ten.
    #[serde(default)]
    pub commits: Vec<String>,
    /// The other submissions that it is about, at most three.
    #[serde(default)]
    pub submissions: Vec<Uuid>,
}

impl Check {
    /// Creates a result that is about no single commits.
    fn new(kind: CheckKind, outcome: CheckOutcome, evidence: impl Into<String>) -> Self {
        Self {
            kind: kind.as_str().to_owned(),
            outcome,
            evidence: vec![evidence.into()],
            commits: Vec::new(),
            submissions: Vec::new(),
        }
    }

    /// Creates a result from findings: it passes without any, and says so.
    fn of_findings(
        kind: CheckKind,
        outcome: CheckOutcome,
        findings: Vec<String>,
        passes: impl Into<String>,
    ) -> Self {
        if findings.is_empty() {
            Self::new(kind, CheckOutcome::Pass, passes)
        } else {
            Self { evidence: findings, ..Self::new(kind, outcome, "") }
        }
    }

    fn about(mut self, commits: impl IntoIterator<Item = String>) -> Self {
        self.commits = commits.into_iter().take(MOST_NAMED).collect();
        self
    }

    #[must_use]
    pub fn kind(&self) -> Option<CheckKind> {
        CheckKind::named(&self.kind)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The commit at which it is pinned.
    pub commit_sha: Option<String>,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
}

impl Report {
    /// Returns whether a required check fails.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let fails = |check: &Check| {
            let is_required = check.kind().is_some_and(CheckKind::is_required);
            is_required && check.outcome == CheckOutcome::Fail
        };
        if self.checks.iter().any(fails) { Verdict::Invalid } else { Verdict::Valid }
    }
}

/// Makes all checks for which there is evidence.
#[must_use]
pub fn report(evidence: &Evidence) -> Report {
    let mut checks = vec![repository(evidence)];
    if evidence.repository.is_some() {
        checks.push(branch(evidence));
    }
    if evidence.head.is_some() {
        checks.extend([
            window::check(evidence),
            authors::check(evidence),
            files::required(evidence),
            files::secrets(evidence),
            copies::check(evidence),
        ]);
    }
    Report { commit_sha: evidence.head.clone(), checks }
}

fn repository(evidence: &Evidence) -> Check {
    let kind = CheckKind::Repository;
    let Some(repository) = &evidence.repository else {
        return Check::new(kind, CheckOutcome::Fail, unreadable(&evidence.host));
    };
    if !evidence.host.is_linked {
        return unlinked(&evidence.host, repository.access);
    }
    match repository.access {
        Access::Owned => Check::new(kind, CheckOutcome::Pass, "A member of the team owns it."),
        Access::Shared => {
            let says = "A member of the team can push to it.";
            Check::new(kind, CheckOutcome::Pass, says)
        }
        Access::Committed => {
            let says = "Members of the team wrote commits in it. GitHub does not say whether they can push to it.";
            Check::new(kind, CheckOutcome::Pass, says)
        }
        Access::Unknown => {
            let says = "GitHub does not say whether a member of the team can push to it. If a member owns it or can push \
                        to it, they link and connect GitHub at /settings/identities. If it is private and belongs to an \
                        organization, one of its owners installs this server's GitHub App in it. Then check again.";
            Check::new(kind, CheckOutcome::Warn, says)
        }
        Access::None => {
            let says = "It neither belongs to a member of the team nor is shared with one. Submit a repository of \
                        the team.";
            Check::new(kind, CheckOutcome::Fail, says)
        }
    }
}

fn unreadable(host: &Host) -> &'static str {
    if host.is_linked {
        "The repository does not exist, or this server cannot read it. Make it public, or install the GitHub App in \
             it, then check again."
    } else {
        "The repository does not exist, or this server cannot read it. Make it public, then check again."
    }
}

/// Returns the result for a code host whose accounts are not connected with those of people here. It never passes: commits name
/// whomever their author claims.
fn unlinked(host: &Host, access: Access) -> Check {
    let kind = CheckKind::Repository;
    let unwitnessed = format!(
        "Accounts at {} are not connected with accounts here, so it could not be witnessed that the repository belongs to \
         the team.",
        host.name
    );
    let says = match access {
        Access::None => {
            let says = "It neither belongs to a member of the team nor is shared with one.";
            return Check::new(kind, CheckOutcome::Fail, says);
        }
        Access::Unknown => "No commit in it has the verified email address of a member.",
        Access::Owned | Access::Shared | Access::Committed => {
            "Commits in it have the verified email address of a member, which anyone can claim."
        }
    };
    Check {
        evidence: vec![unwitnessed, says.to_owned()],
        ..Check::new(kind, CheckOutcome::Warn, "")
    }
}

fn branch(evidence: &Evidence) -> Check {
    let kind = CheckKind::Branch;
    match &evidence.head {
        Some(_) => Check::new(kind, CheckOutcome::Pass, "The branch is pinned at its commit."),
        None => {
            let says = "The branch does not exist or has no commit. Push to it, then check again.";
            Check::new(kind, CheckOutcome::Fail, says)
        }
    }
}
