use std::collections::BTreeSet;

use futures_util::future::{OptionFuture, try_join, try_join3};
use kernel::Timestamp;
use platform::jobs::Failure;

use super::{CutList, DescribedRepository, HostError, OpenRepository};
use crate::rules::checks::{
    Access, Blob, Commit, Evidence, File, Host, Member, Push, Repository, Window, frozen_commit,
    mark_forced,
};

/// The submission whose evidence is wanted.
#[derive(Clone, Debug)]
pub struct EvidenceRequest {
    /// The repository as it is stored.
    pub repository: String,
    /// The branch; empty for the default branch.
    pub branch: String,
    /// The time in which the work is done.
    pub window: Window,
    /// The instant at which it was frozen at the latest, if its deadline has come.
    pub frozen_at: Option<Timestamp>,
    /// The commit at which it was pinned before.
    pub pinned: Option<String>,
    pub members: Vec<Member>,
    /// The paths that the hackathon requires.
    pub required: Vec<String>,
}

impl EvidenceRequest {
    /// Returns the branch, in a repository as its code host describes it.
    #[must_use]
    pub fn branch_of<'a>(&'a self, described: &'a DescribedRepository) -> &'a str {
        match self.branch.as_str() {
            "" => &described.default_branch,
            branch => branch,
        }
    }
}

/// The evidence of a submission, and where it is from.
pub struct Gathered<'a> {
    pub evidence: Evidence,
    /// The repository; `None` if it does not exist or cannot be read.
    pub repository: Option<Box<dyn OpenRepository + 'a>>,
}

/// Reads the evidence of a submission from its repository, `None` if it does not exist or cannot be read. A private repository counts
/// only if a member has access to it, or, at a code host without connected accounts, if commits in it have a member's verified
/// address, so that naming someone else's discloses nothing about it.
///
/// # Errors
/// When the code host does not respond, or a limit is reached.
pub async fn gather<'a>(
    host: Host,
    open: Option<Box<dyn OpenRepository + 'a>>,
    wanted: &EvidenceRequest,
) -> Result<Gathered<'a>, HostError> {
    let is_linked = host.is_linked;
    let nothing = Gathered { evidence: nothing(wanted, host), repository: None };
    let Some(open) = open else {
        return Ok(nothing);
    };
    let access = open.access(&wanted.members).await?;
    let described = open.described();
    let has_access = matches!(access, Access::Owned | Access::Shared);
    if described.is_private && is_linked && !has_access {
        return Ok(nothing);
    }
    let is_private = described.is_private;
    let branch = wanted.branch_of(described);
    let (head, listed, received) =
        try_join3(open.head(branch), open.pushes(branch), open.received(branch)).await?;
    let pushes = merged(listed, &received);
    let head = match wanted.frozen_at {
        Some(at) => {
            frozen_commit(&pushes, wanted.pinned.as_deref(), head.as_deref(), at).map(str::to_owned)
        }
        None => head.clone(),
    };
    let repository =
        Repository { created_at: described.created_at, is_fork: described.is_fork, access };
    let evidence = Evidence {
        repository: Some(repository),
        has_license: described.has_license,
        pushes,
        head,
        ..nothing.evidence.clone()
    };
    let evidence = contents(open.as_ref(), evidence).await?;
    let access = evidence.repository.as_ref().map(|own| own.access);
    if is_private && access == Some(Access::Unknown) {
        return Ok(nothing);
    }
    Ok(Gathered { evidence, repository: Some(open) })
}

/// Returns the evidence of a repository that cannot be read.
fn nothing(wanted: &EvidenceRequest, host: Host) -> Evidence {
    Evidence {
        window: wanted.window,
        host,
        members: wanted.members.clone(),
        repository: None,
        head: None,
        commits: Vec::new(),
        has_all_commits: false,
        pushes: Vec::new(),
        files: Vec::new(),
        has_all_files: false,
        files_before: Vec::new(),
        files_early: Vec::new(),
        required: wanted.required.clone(),
        has_license: false,
        secrets: None,
        shared: Vec::new(),
    }
}

/// Merges the pushes that the code host lists with those that this server received, oldest first, each once.
fn merged(listed: Vec<Push>, received: &[Push]) -> Vec<Push> {
    let mut pushes = listed;
    for push in received {
        let is_same = |known: &Push| known.before == push.before && known.after == push.after;
        match pushes.iter_mut().find(|known| is_same(known)) {
            // The code host knows best when it came.
            Some(known) => known.is_forced |= push.is_forced,
            None => pushes.push(push.clone()),
        }
    }
    pushes.sort_by_key(|push| push.at);
    pushes
}

/// Reads commits, files and secrets at the pinned commit.
async fn contents(
    open: &dyn OpenRepository,
    mut evidence: Evidence,
) -> Result<Evidence, HostError> {
    let Some(head) = evidence.head.clone() else {
        return Ok(evidence);
    };
    let (commits, contents) = try_join(open.commits(&head), open.contents(&head)).await?;
    let opens_at = evidence.window.opens_at;
    let before = commits.items.iter().find(|it| it.authored_at < opens_at);
    let window = evidence.window;
    let early = commits.items.iter().find(|it| window.is_early(it));
    let (before, early) =
        try_join(files_of(open, before), files_of(open, early.filter(|early| early.sha != head)))
            .await?;
    evidence.files_before = before;
    evidence.files_early = early;
    evidence.has_all_commits = commits.is_complete;
    evidence.commits = commits.items;
    if evidence.has_all_commits {
        mark_forced(&mut evidence.pushes, &evidence.commits);
    }
    evidence.has_all_files = contents.files.is_complete;
    evidence.files = contents.files.items;
    evidence.secrets = contents.secrets;
    if let Some(repository) = &mut evidence.repository
        && repository.access == Access::Unknown
        && is_written_by(&evidence.members, &evidence.commits)
    {
        repository.access = Access::Committed;
    }
    Ok(evidence)
}

fn is_written_by(members: &[Member], commits: &[Commit]) -> bool {
    commits.iter().any(|commit| crate::rules::checks::is_by_member(commit, members))
}

async fn files_of(
    open: &dyn OpenRepository,
    commit: Option<&Commit>,
) -> Result<Vec<File>, HostError> {
    let read: OptionFuture<_> = commit.map(|commit| open.files(&commit.sha)).into();
    let read: Option<CutList<File>> = read.await.transpose()?;
    Ok(read.map(|read| read.items).unwrap_or_default())
}

/// The maximum number of pushes whose files are read to find when contents came.
const MOST_READ: usize = 24;

/// Finds when contents were first in a repository, by the pushes that were witnessed. Of many pushes, some are read, evenly spread.
///
/// # Errors
/// When the code host does not respond, or a limit is reached.
pub async fn find_first_seen(
    open: &dyn OpenRepository,
    pushes: &[Push],
    blobs: &mut [Blob],
) -> Result<(), HostError> {
    let step = pushes.len().div_ceil(MOST_READ).max(1);
    // The last push is read in any case.
    let offset = pushes.len().saturating_sub(1) % step;
    for push in pushes.iter().skip(offset).step_by(step) {
        if push.after.is_empty() {
            continue;
        }
        let files = match open.files(&push.after).await {
            // What was replaced long ago may be gone.
            Err(HostError(Failure::Fail(_))) => continue,
            files => files?.items,
        };
        let present: BTreeSet<&str> = files.iter().map(|file| &*file.blob_sha).collect();
        let is_new = |blob: &&mut Blob| blob.seen_at.is_none() && present.contains(&*blob.sha);
        for blob in blobs.iter_mut().filter(is_new) {
            blob.seen_at = Some(push.at);
        }
    }
    Ok(())
}
