//! The side lists around pages of a person and of the server, which error pages below them show too.

use crate::{frame, side::SideList};

/// Returns the side list of the pages for admins and moderators.
#[must_use]
pub fn admin_side() -> SideList {
    SideList::of_links("Admin", frame::admin_links())
}

/// Returns the side list of a person's settings.
#[must_use]
pub fn settings_side() -> SideList {
    let owner = frame::reader().map(|reader| reader.who);
    SideList { owner, ..SideList::of_links("Settings", frame::settings_links()) }
}
