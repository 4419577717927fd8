/// The operations of discovery that accept nothing that can be generated, like those of [`super::elsewhere::ELSEWHERE`].
pub(super) const DISCOVERY: &[(&str, &str, &str)] = &[
    (
        "claim_opportunity",
        "crates/guildhall/tests/it/discovery/claims/claiming.rs",
        "the run has no followed repository",
    ),
    (
        "dismiss_opportunity",
        "crates/guildhall/tests/it/discovery/personal/feedback.rs",
        "the run has no followed repository",
    ),
    (
        "end_watch",
        "crates/guildhall/tests/it/discovery/watching.rs",
        "the run's admin has no watch",
    ),
    (
        "release_opportunity",
        "crates/guildhall/tests/it/discovery/claims/releasing.rs",
        "the run has no followed repository",
    ),
    (
        "save_opportunity",
        "crates/guildhall/tests/it/discovery/personal/feedback.rs",
        "the run has no followed repository",
    ),
    (
        "set_claim_outcome",
        "crates/guildhall/tests/it/discovery/claims/outcome.rs",
        "the run's admin has no claim that ended",
    ),
    (
        "watch_repository",
        "crates/guildhall/tests/it/discovery/watching.rs",
        "generated names are none of GitHub's",
    ),
];
