//! The workflow runs the code of others only as it was read, and leaves no token where the code of a change could read it.

use std::fs;

use crate::app::sources::root;

/// Returns true for the digest of a commit, or a whole version such as `v2.2.2`.
fn is_exact(version: &str) -> bool {
    let is_commit = version.len() == 40 && version.bytes().all(|it| it.is_ascii_hexdigit());
    let is_version = version.strip_prefix('v').is_some_and(|numbers| {
        let numbers: Vec<&str> = numbers.split('.').collect();
        numbers.len() == 3 && numbers.iter().all(|number| number.parse::<u32>().is_ok())
    });
    is_commit || is_version
}

#[test]
fn actions_are_pinned_and_get_no_token() {
    let text = fs::read_to_string(root().join(".github/workflows/ci.yml")).expect("the workflow");
    for (_, action) in text.lines().filter_map(|line| line.split_once("uses: ")) {
        let version = action.split([' ', '@']).nth(1).unwrap_or_default();
        assert!(is_exact(version), "pin {action}");
    }
    let checkouts = text.matches("uses: actions/checkout@").count();
    assert!(checkouts > 0);
    assert_eq!(text.matches("persist-credentials: false").count(), checkouts);
    assert_eq!(text.matches("runs-on: ").count(), text.matches("timeout-minutes: ").count());
}
