//! Actions that change notifications and choices.

mod browsers;
mod choose;
mod digest;
mod erase;
mod forget;
mod inbox;
mod note;
mod notify;
mod phone;
mod texts;
mod unsubscribe;
mod watch;
mod webhook_disabled;
mod webhooks;

pub use browsers::{add_browser, browser_name, remove_browser};
pub use choose::{ChoiceInput, choose, revoke_addresses};
pub use digest::send_digests;
pub use erase::erase;
pub use forget::forget;
pub use inbox::{read, read_all};
pub use notify::{notify, notify_even_banned};
pub use phone::{forget_unverified_phones, remove_phone, set_phone, verify_phone};
pub(crate) use texts::{TEXTS, watch_texts};
pub(crate) use unsubscribe::address;
pub use unsubscribe::{opened, unsubscribe};
pub use watch::{
    notify_copied_sign_in, notify_device, notify_github_revoked, notify_identities, notify_role,
    notify_second_factor, notify_token,
};
pub use webhook_disabled::notify_webhook_disabled;
pub(crate) use webhooks::unknown as unknown_webhook;
pub use webhooks::{
    add_webhook, describe_webhook, enable_webhook, remove_webhook, rotate_webhook, test_webhook,
};
