/// The operations of a person's phone, like those of [`super::elsewhere::ELSEWHERE`]: the run sends no text messages.
pub(super) const PHONES: &[(&str, &str, &str)] = &[
    (
        "remove_phone",
        "crates/guildhall/tests/it/notifications/phones.rs",
        "the run's admin has no phone",
    ),
    (
        "set_phone",
        "crates/guildhall/tests/it/notifications/phones.rs",
        "the run sends no text messages",
    ),
    (
        "verify_phone",
        "crates/guildhall/tests/it/notifications/phones.rs",
        "the code is in a text message",
    ),
];
