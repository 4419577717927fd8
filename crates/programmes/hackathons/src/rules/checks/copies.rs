use kernel::counted;

use super::{
    Check,
    evidence::{Evidence, SharedFiles},
    paths::{compared_blobs, percent},
};
use crate::model::{CheckKind, CheckOutcome};

/// The maximum number of other submissions that are listed.
const MOST_LISTED: usize = 3;
/// The share of a submission's own work, in percent, from which what it has in common with another one is pointed out, and from which it
/// counts as a copy.
const POINTED_OUT: i64 = 15;
const COPY: i64 = 60;

/// Checks that the submission is no fork, and counts the files that it shares with other submissions. Those that it had first, by the
/// pushes that were witnessed, are the other's concern.
pub(super) fn check(evidence: &Evidence) -> Check {
    let kind = CheckKind::Copies;
    let own = own_bytes(evidence);
    let taken = |it: &SharedFiles| percent(it.bytes - it.bytes_first_here, own);
    let close: Vec<&SharedFiles> =
        (evidence.shared.iter()).filter(|it| taken(it) >= POINTED_OUT).collect();
    let sentence = |it: &&SharedFiles| format!("{} also in another submission.", part(it, own));
    let mut says: Vec<String> = close.iter().take(MOST_LISTED).map(sentence).collect();
    if evidence.repository.as_ref().is_some_and(|it| it.is_fork) {
        says.push(
            "The repository is a fork. What came from its source shows in the check of the window."
                .to_owned(),
        );
    }
    let outcome = if close.iter().any(|it| taken(it) >= COPY) {
        CheckOutcome::Fail
    } else {
        CheckOutcome::Warn
    };
    Check {
        submissions: (close.iter().take(MOST_LISTED)).map(|it| it.submission).collect(),
        ..Check::of_findings(kind, outcome, says, passes(evidence, own))
    }
}

/// Returns whether a submission has so much in common with another one that it matters who had it first.
#[must_use]
pub fn is_close(evidence: &Evidence) -> bool {
    let own = own_bytes(evidence);
    let is_close = |it: &SharedFiles| percent(it.bytes, own) >= POINTED_OUT;
    evidence.shared.iter().any(is_close)
}

/// Returns the sentence of a submission without copies.
fn passes(evidence: &Evidence, own: i64) -> String {
    let later = |it: &&SharedFiles| percent(it.bytes, own) >= POINTED_OUT;
    if let Some(shared) = evidence.shared.iter().find(later) {
        return format!("{} also in a submission that got them later.", part(shared, own));
    }
    match evidence.shared.iter().map(|it| it.files).sum::<i64>() {
        0 => "It shares no files with another submission.".to_owned(),
        files => format!(
            "It shares {} with other submissions, too little to matter.",
            counted(files, "file", "files")
        ),
    }
}

/// Returns the beginning of a sentence about what a submission shares.
fn part(shared: &SharedFiles, own: i64) -> String {
    format!(
        "{}, {} % of the work, {}",
        counted(shared.files, "file", "files"),
        percent(shared.bytes, own).min(100),
        if shared.files == 1 { "is" } else { "are" },
    )
}

/// Returns the bytes of a submission that are compared with others.
fn own_bytes(evidence: &Evidence) -> i64 {
    let blobs = compared_blobs(&evidence.files).into_iter();
    blobs.map(|blob| blob.size).sum()
}
