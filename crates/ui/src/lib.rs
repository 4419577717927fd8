//! Shared parts of the pages: layout, navigation, error pages, forms, messages after an action, CSV export,
//! charts, formatting, styles and scripts. Owns no table. Depends on kernel and platform; a middleware provides
//! the viewer (see [`Reader`]).
//!
//! A page is an askama template that extends `layout.html`, with a view type of its own:
//!
//! ```text
//! async fn page(…) -> ui::PageResult { ui::show(&SessionsPage { … }) }
//! ```
//!
//! Frames that templates share, such as crumbs and pagers, are macros of `macros.html`; `forms.html` has those of forms.
//!
//! A module's `askama.toml` lists `../ui/templates` (from `crates/programmes`: `../../ui/templates`)
//! next to its own folder.

// Templates of this crate refer to its functions by the same paths as templates of other crates.
extern crate self as ui;

mod around;
pub mod assets;
pub mod charts;
mod community;
mod confirm;
pub mod csv;
pub mod download;
mod drawn;
mod elsewhere;
mod error;
mod extract;
pub mod feed;
mod form;
pub mod format;
pub mod frame;
#[cfg(test)]
mod fuzz;
mod icons;
mod layout;
mod manifest;
mod mark;
pub mod markdown;
mod notice;
pub mod paging;
pub mod parts;
pub mod patterns;
pub mod pick;
mod picture;
pub mod preview;
mod raster;
pub mod side;
mod tag;
mod task;
pub mod theme;
mod typed;
mod upload;

pub use community::Community;
pub use confirm::Confirmation;
pub use elsewhere::elsewhere;
pub use error::{PageError, method_not_allowed, not_found, problem_page, refused_page};
pub use extract::{Address, Filled, FilledWithFile, IsRefresh, QueryString};
pub use form::Form;
pub use frame::{Navigation, Reader};
pub use layout::{PageResult, dress, html, leading_to, routes, show, slots};
pub use notice::{Undo, notices, redirect, redirect_with_undo};
pub use picture::{
    Mention, PersonFace, Pic, Who, drawn, drawn_as, drawn_face, picture_of_community,
};
pub use side::SideList;
pub use tag::Tag;
pub use task::{TaskView, WorkRows};
pub use theme::Theme;
pub use upload::{MaybeUpload, Upload};
