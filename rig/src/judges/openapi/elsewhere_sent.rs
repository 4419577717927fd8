/// The operations about what is sent to people, like those of [`super::elsewhere::ELSEWHERE`]: the run sends no text messages, and
/// its admin invites no one.
pub(super) const SENT: &[(&str, &str, &str)] = &[
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
    (
        "send_staff_invitation",
        "crates/guildhall/tests/it/hackathons/staff_invitations.rs",
        "the run has no channel for email",
    ),
    (
        "withdraw_staff_invitation",
        "crates/guildhall/tests/it/hackathons/staff_invitations.rs",
        "the IDs of invitations are generated",
    ),
];
