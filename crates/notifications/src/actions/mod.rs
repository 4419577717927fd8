//! Every change to what reaches whom.

mod browsers;
mod choose;
mod digest;
mod erase;
mod forget;
mod inbox;
mod notify;
mod unsubscribe;
mod watch;

pub use browsers::{add_browser, called, remove_browser};
pub use choose::{Choice, choose, revoke_addresses};
pub use digest::send_digests;
pub use erase::erase;
pub use forget::forget;
pub use inbox::{read, read_all};
pub use notify::notify;
pub(crate) use unsubscribe::address;
pub use unsubscribe::{opened, unsubscribe};
pub use watch::{
    notify_copied_sign_ins, notify_devices, notify_identities, notify_roles, notify_tokens,
};
