use std::collections::BTreeSet;

use super::evidence::{Commit, Push};

/// Marks the pushes that replaced commits, for code hosts that do not tell. `commits` are all that lead to the pinned one: if a push
/// delivered one of them, and the state before it is not among them, that state was replaced.
pub fn mark_forced(pushes: &mut [Push], commits: &[Commit]) {
    let kept: BTreeSet<&str> = commits.iter().map(|commit| &*commit.sha).collect();
    for push in pushes {
        let is_lost = !push.before.is_empty() && !kept.contains(&*push.before);
        push.is_forced |= is_lost && kept.contains(&*push.after);
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::rules::checks::Author;

    #[test]
    fn a_push_that_loses_the_state_before_it_is_forced() {
        let commit = |sha: &str| Commit {
            sha: sha.to_owned(),
            parents: Vec::new(),
            author: Author::default(),
            co_authors: Vec::new(),
            authored_at: Timestamp::UNIX_EPOCH,
            committed_at: Timestamp::UNIX_EPOCH,
        };
        let commits = [commit("c"), commit("a")];
        for (before, after, expected) in [
            ("", "a", false),
            ("a", "c", false),
            ("b", "c", true),
            ("b", "x", false),
            ("a", "b", false),
            ("a", "", false),
        ] {
            let mut pushes = [Push {
                at: Timestamp::UNIX_EPOCH,
                before: before.to_owned(),
                after: after.to_owned(),
                is_forced: false,
            }];
            mark_forced(&mut pushes, &commits);
            assert_eq!(pushes[0].is_forced, expected, "{before} to {after}");
        }
    }
}
