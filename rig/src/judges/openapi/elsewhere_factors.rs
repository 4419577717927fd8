/// The operations of a second factor, like those of [`super::elsewhere::ELSEWHERE`]: the run's admin has none.
pub(super) const FACTORS: &[(&str, &str, &str)] = &[
    (
        "confirm_second_factor",
        "crates/guildhall/tests/it/sign_in/second_factor/mod.rs",
        "the codes of a second factor are generated",
    ),
    (
        "prove_second_factor",
        "crates/guildhall/tests/it/sign_in/second_factor/mod.rs",
        "the codes of a second factor are generated",
    ),
    (
        "remove_second_factor",
        "crates/guildhall/tests/it/sign_in/second_factor/mod.rs",
        "the codes of a second factor are generated",
    ),
    (
        "renew_recovery_codes",
        "crates/guildhall/tests/it/sign_in/second_factor/mod.rs",
        "the codes of a second factor are generated",
    ),
    (
        "reset_second_factor",
        "crates/guildhall/tests/it/sign_in/second_factor/mod.rs",
        "the codes of a second factor are generated",
    ),
];
