//! Settings that admins save in the browser, as a layer of the configuration ([`crate::config`]). A row for each key that was ever
//! saved has its text, encrypted if it is a secret, or none if it was removed. Each save has a number that is higher than all before,
//! the version, by which running processes notice it. Who saved what is in the audit log. Owns `settings`.

mod change;
mod maintenance;
mod overlay;
mod reload;
mod store;
mod tables;

pub use change::{
    BannerChange, LastSave, SettingChange, candidate, last_save, remove, save, save_with_banner,
    serialize,
};
pub use maintenance::{MAINTENANCE_MESSAGE, Maintenance, maintain, maintenance_place};
pub use overlay::overlay;
pub use reload::Reload;
pub use store::{saved_at, version};
pub(crate) use tables::migration;

use crate::crypto::SealedColumn;

/// The target kind of saved settings in the audit log.
pub const TARGET: &str = "setting";

/// The lock of those who save settings or encrypt them again.
const LOCK: &str = "platform.settings";

/// The column of secrets.
pub(crate) const SEALED: SealedColumn = SealedColumn {
    table: "settings",
    column: "value_secret",
    holds: "the secrets among the settings",
    replaced: "enter them again at /admin/settings",
    lock: LOCK,
};
