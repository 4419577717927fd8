use kernel::Timestamp;

use super::evidence::Push;

/// Returns the commit that counts at a deadline: that of the last push before it, else the one at which the submission was pinned
/// before, else the branch's head. Commits that came after the deadline do not count, whatever their dates claim.
#[must_use]
pub fn frozen_commit<'a>(
    pushes: &'a [Push],
    pinned: Option<&'a str>,
    head: Option<&'a str>,
    deadline: Timestamp,
) -> Option<&'a str> {
    let before = pushes.iter().filter(|push| push.at < deadline);
    let last = before.max_by_key(|push| push.at);
    match last {
        Some(push) if push.after.is_empty() => pinned,
        Some(push) => Some(&push.after),
        None => pinned.or(head),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_last_push_before_the_deadline_counts() {
        let start = Timestamp::UNIX_EPOCH;
        let push = |hour, after: &str| Push {
            at: start + TimeDelta::hours(hour),
            before: String::new(),
            after: after.to_owned(),
            is_forced: false,
        };
        let pushes = [push(1, "a"), push(5, "b"), push(10, "c")];
        for (hour, pinned, expected) in [
            (10, Some("p"), Some("b")),
            (11, Some("p"), Some("c")),
            (1, Some("p"), Some("p")),
            (1, None, Some("head")),
        ] {
            let deadline = start + TimeDelta::hours(hour);
            let frozen = frozen_commit(&pushes, pinned, Some("head"), deadline);
            assert_eq!(frozen, expected, "{hour}");
        }
        let deleted = [push(1, "a"), push(2, "")];
        let frozen = frozen_commit(&deleted, Some("a"), None, start + TimeDelta::hours(3));
        assert_eq!(frozen, Some("a"));
    }
}
