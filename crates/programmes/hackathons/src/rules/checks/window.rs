//! The check that the work was done inside the window. Dates in commits are claims, which anyone can set; pushes are witnessed. Both are
//! reported, and only people draw conclusions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kernel::{Timestamp, counted};

use super::{
    Check,
    evidence::{Commit, Evidence, File},
    paths::{is_own_work, percent},
};
use crate::model::{CheckKind, CheckOutcome};

/// The share of old work, in percent, that a template or an own library may have.
const OLD: i64 = 33;
/// The share of the work, in percent, from which a few commits of the first hours are pointed out, their number, and the least size of
/// such work, in bytes.
const AT_ONCE: i64 = 45;
const FEW_COMMITS: usize = 4;
const MUCH: i64 = 8_000;
/// The difference that clocks may have.
const SKEW: TimeDelta = TimeDelta::minutes(10);
/// The time between writing and committing from which a commit counts as rewritten, and the number and the share, in percent, of such
/// commits that are pointed out.
const REWRITTEN_AFTER: TimeDelta = TimeDelta::hours(6);
const MANY_REWRITTEN: usize = 3;
const MANY_OF_ALL: usize = 33;
/// The number and the share, in percent, of witnessed states that a forced push may have replaced: teams correct their last commits,
/// again and again.
const LOST: usize = 1;
const MOST_LOST: usize = 80;

/// The findings of one look at the history.
#[derive(Default)]
struct Findings {
    says: Vec<String>,
    commits: Vec<String>,
}

impl Findings {
    fn add<'a>(&mut self, sentence: String, commits: impl IntoIterator<Item = &'a Commit>) {
        self.says.push(sentence);
        let shas = commits.into_iter().map(|commit| commit.sha.clone());
        self.commits.extend(shas);
    }
}

/// Checks that the work was done inside the window.
pub(super) fn check(evidence: &Evidence) -> Check {
    let mut found = Findings::default();
    let old = old_share(evidence);
    old_work(evidence, old, &mut found);
    work_at_once(evidence, old, &mut found);
    claimed_after(evidence, &mut found);
    witnessed(evidence, &mut found);
    rewritten(evidence, &mut found);
    if evidence.pushes.is_empty() && !found.says.is_empty() {
        found.says.push(unwitnessed(evidence));
    }
    let commits = found.commits;
    Check::of_findings(CheckKind::Window, CheckOutcome::Warn, found.says, passes(evidence, old))
        .about(commits)
}

/// Returns the sentence of a history without findings; `old` is the share of old work.
fn passes(evidence: &Evidence, old: i64) -> String {
    let inside = evidence.commits.len();
    let mut says =
        format!("{}, and {old} % of the work is older", counted(inside, "commit", "commits"));
    says += &match evidence.pushes.len() {
        0 => format!(". {}", unwitnessed(evidence)),
        pushes => format!(". {} witnessed.", counted(pushes, "push", "pushes")),
    };
    says
}

/// Returns the sentence about a history of which no push was witnessed.
fn unwitnessed(evidence: &Evidence) -> String {
    if evidence.host.lists_pushes {
        "No push was witnessed, so the times are claims.".to_owned()
    } else {
        format!(
            "{} does not tell when commits were pushed, so nothing was witnessed and the times are claims.",
            evidence.host.name
        )
    }
}

/// Returns the share of the work, in percent of its bytes, that existed at the latest commit before the window.
fn old_share(evidence: &Evidence) -> i64 {
    share_of(&evidence.files, &evidence.files_before)
}

/// Returns the share of `files`, in percent of the bytes of own work, that `earlier` has with the same content.
fn share_of(files: &[File], earlier: &[File]) -> i64 {
    let known: BTreeSet<&str> = earlier.iter().map(|file| &*file.blob_sha).collect();
    let own = || files.iter().filter(|file| is_own_work(file));
    let old = own().filter(|file| known.contains(&*file.blob_sha));
    let (old, all): (i64, i64) = (old.map(|it| it.size).sum(), own().map(|it| it.size).sum());
    percent(old, all)
}

/// Looks for work that was there before the window; `share` is its share.
fn old_work(evidence: &Evidence, share: i64, found: &mut Findings) {
    if share > OLD {
        let old = before(evidence);
        let says = format!(
            "{share} % of the work is older than the event: {} before it.",
            counted(old.len(), "commit", "commits")
        );
        found.add(says, old);
    }
    let inside = |commit: &&Commit| commit.committed_at >= evidence.window.opens_at;
    let carried = before(evidence).into_iter().filter(inside);
    let carried: Vec<&Commit> = carried.collect();
    if share <= OLD && carried.len() >= MANY_REWRITTEN {
        let says = format!(
            "{} written before the event and committed in it.",
            counted(carried.len(), "commit was", "commits were")
        );
        found.add(says, carried);
    }
}

/// Returns the commits that claim to be written before the window.
fn before(evidence: &Evidence) -> Vec<&Commit> {
    let opens_at = evidence.window.opens_at;
    let is_before = |commit: &&Commit| commit.authored_at < opens_at;
    evidence.commits.iter().filter(is_before).collect()
}

/// Looks for most of the work in a few commits soon after the opening; `old` is the share of old work.
fn work_at_once(evidence: &Evidence, old: i64, found: &mut Findings) {
    let window = evidence.window;
    let early = evidence.commits.iter().filter(|it| window.is_early(it));
    let early: Vec<&Commit> = early.collect();
    let own = evidence.files.iter().filter(|file| is_own_work(file));
    let size: i64 = own.map(|file| file.size).sum();
    let share = share_of(&evidence.files, &evidence.files_early) - old;
    let goes_on = evidence.commits.len() > early.len();
    if share >= AT_ONCE && size >= MUCH && early.len() <= FEW_COMMITS && goes_on {
        let says = format!(
            "{share} % of the work came in {}, soon after the opening.",
            counted(early.len(), "commit", "commits")
        );
        found.add(says, early);
    }
}

/// Looks for commits that claim to be made after the window.
fn claimed_after(evidence: &Evidence, found: &mut Findings) {
    let ends = evidence.window.closes_at + SKEW;
    let is_after = |it: &&Commit| it.authored_at > ends || it.committed_at > ends;
    let after: Vec<&Commit> = evidence.commits.iter().filter(is_after).collect();
    if !after.is_empty() {
        let says = format!(
            "{} a date after the end of submissions.",
            counted(after.len(), "commit has", "commits have")
        );
        found.add(says, after);
    }
}

/// Compares what commits claim with the pushes that were witnessed.
fn witnessed(evidence: &Evidence, found: &mut Findings) {
    let positions: BTreeMap<&str, usize> = (evidence.commits.iter().enumerate())
        .map(|(index, commit)| (&*commit.sha, index))
        .collect();
    let arrived = |push: &super::Push| positions.get(&*push.after).copied();
    let early = evidence.pushes.iter().filter(|it| it.at < evidence.window.opens_at);
    // Commits are listed latest first, so everything after the position was there.
    if let Some(first) = early.filter_map(arrived).min() {
        let backdated = |it: &&Commit| it.authored_at >= evidence.window.opens_at;
        let old: Vec<&Commit> = evidence.commits[first..].iter().filter(backdated).collect();
        if !old.is_empty() {
            let says = format!(
                "{} inside the event and pushed before it.",
                counted(old.len(), "commit claims to be", "commits claim to be")
            );
            found.add(says, old);
        }
    }
    let ends = evidence.window.closes_at + SKEW;
    let late = evidence.pushes.iter().filter(|push| push.at > ends).count();
    if late > 0 {
        let says = format!(
            "{} after the end of submissions, which {} not count.",
            counted(late, "push", "pushes"),
            if late == 1 { "does" } else { "do" }
        );
        found.add(says, []);
    }
    let ahead = evidence.pushes.iter().filter_map(|push| {
        let commit = &evidence.commits[arrived(push)?];
        (commit.committed_at > push.at + SKEW).then_some(commit)
    });
    let ahead: Vec<&Commit> = ahead.collect();
    if !ahead.is_empty() {
        let says = format!(
            "{} a date after the push that delivered {}.",
            counted(ahead.len(), "commit has", "commits have"),
            if ahead.len() == 1 { "it" } else { "them" }
        );
        found.add(says, ahead);
    }
}

/// Looks for a history that was rewritten.
fn rewritten(evidence: &Evidence, found: &mut Findings) {
    let opens_at = evidence.window.opens_at;
    if evidence.has_all_commits {
        let replaced = most_replaced(evidence);
        if !replaced.is_empty() {
            let says = format!(
                "A forced push replaced {} that had been pushed, most of what was there.",
                counted(replaced.len(), "state", "states"),
            );
            found.add(says, []);
        }
    }
    let is_delayed = |it: &&Commit| {
        it.authored_at >= opens_at && it.committed_at - it.authored_at > REWRITTEN_AFTER
    };
    let delayed: Vec<&Commit> = evidence.commits.iter().filter(is_delayed).collect();
    let is_much = delayed.len() * 100 >= evidence.commits.len() * MANY_OF_ALL;
    if delayed.len() >= MANY_REWRITTEN && is_much {
        let says = format!(
            "{} committed again long after they were written, as when history is rewritten.",
            counted(delayed.len(), "commit was", "commits were")
        );
        found.add(says, delayed);
    }
    let times: BTreeMap<&str, Timestamp> =
        (evidence.commits.iter()).map(|it| (&*it.sha, it.committed_at)).collect();
    let goes_back = |commit: &&Commit| {
        let mut parents = commit.parents.iter().filter_map(|it| times.get(&**it));
        parents.any(|parent| commit.committed_at + SKEW < *parent)
    };
    let back: Vec<&Commit> = evidence.commits.iter().filter(goes_back).collect();
    if !back.is_empty() {
        let says = format!(
            "{} an earlier date than the commit before {}.",
            counted(back.len(), "commit has", "commits have"),
            if back.len() == 1 { "it" } else { "them" }
        );
        found.add(says, back);
    }
}

/// Returns the states inside the window that forced pushes replaced, if they are most of those that had been pushed by then.
fn most_replaced(evidence: &Evidence) -> BTreeSet<&str> {
    let kept: BTreeSet<&str> = evidence.commits.iter().map(|it| &*it.sha).collect();
    let opens_at = evidence.window.opens_at;
    let inside = evidence.pushes.iter().filter(|push| push.at >= opens_at);
    let (mut states, mut replaced) = (BTreeSet::new(), BTreeSet::new());
    for push in inside {
        if push.is_forced {
            let lost: BTreeSet<&str> = states.difference(&kept).copied().collect();
            if lost.len() > LOST && lost.len() * 100 >= states.len() * MOST_LOST {
                replaced = lost;
            }
        }
        states.extend(Some(&*push.after).filter(|sha| !sha.is_empty()));
    }
    replaced
}
