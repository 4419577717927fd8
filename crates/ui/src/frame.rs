//! The frame of a page: its viewer, their links and the message after their last action. A task-local holds it
//! while a page is rendered, so that pages need not pass it on.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::MatchedPath, http::Extensions};
use platform::{
    flags::{Flag, FlagView},
    module::{Audience, Modules, NavItem, NavPlace},
    web::{self, ForEverybody},
    work::WorkCount,
};
use uuid::Uuid;

use crate::{Community, notice::Notice};

/// The signed-in person who views a page; a middleware adds it to the request.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person's id.
    pub person: Uuid,
    /// The login in URLs.
    pub login: String,
    /// The widest audience that the person belongs to.
    pub audience: Audience,
    /// The number of items that need the person's attention, by the path of the link to them.
    pub counts: BTreeMap<&'static str, i64>,
    /// True if they have a second factor that this session has not proven.
    pub owes_code: bool,
    /// The entry of the header for the work that waits for them; absent without any.
    pub work: Option<Work>,
}

/// The entry of the header for the work that waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// The kind of work, if there is one kind, else "Work".
    pub label: &'static str,
    /// The path of the list.
    pub address: &'static str,
    /// The number of its rows.
    pub count: i64,
}

impl Work {
    /// Returns the entry for these counts: that of the kind if there is one kind, else that of all; `None` without work.
    #[must_use]
    pub fn of(counts: &[WorkCount]) -> Option<Self> {
        let count = counts.iter().map(|own| own.count).sum();
        match counts {
            [] => None,
            [only] => Some(Self { label: only.kind.label, address: only.kind.list, count }),
            _ => Some(Self { label: "Work", address: "/work", count }),
        }
    }
}

/// Every link of the layout, as a request extension.
#[derive(Clone, Debug)]
pub struct Navigation(Arc<[NavItem]>);

impl Navigation {
    /// Collects the links of all modules.
    #[must_use]
    pub fn of(modules: Modules) -> Self {
        Self(modules.navigation().into())
    }

    /// Iterates over the links.
    pub fn iter(&self) -> impl Iterator<Item = &NavItem> {
        self.0.iter()
    }
}

/// A link for a template.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its text.
    pub label: &'static str,
    pub address: &'static str,
    /// True if it leads to the current page or its section.
    pub is_current: bool,
    /// The number of items behind it; 0 is not shown.
    pub count: i64,
}

#[derive(Default)]
struct Frame {
    reader: Option<Reader>,
    flag_view: Option<FlagView>,
    navigation: Option<Navigation>,
    route: Option<MatchedPath>,
    notice: Option<String>,
    community: Community,
    /// True if the page is cached for everyone, with slots for the parts that differ by viewer.
    is_shared: bool,
}

tokio::task_local! {
    static FRAME: Frame;
}

impl Frame {
    fn of(found: &Extensions) -> Self {
        Self {
            reader: found.get().cloned(),
            flag_view: found.get().cloned(),
            navigation: found.get().cloned(),
            route: found.get().cloned(),
            is_shared: found.get::<ForEverybody>().is_some(),
            community: found.get().cloned().unwrap_or_default(),
            notice: found.get().map(|Notice(message)| message.clone()),
        }
    }

    fn is_shown(&self, item: &NavItem) -> bool {
        let audience = self.reader.as_ref().map_or(Audience::Everyone, |reader| reader.audience);
        audience >= item.audience && item.flag.is_none_or(|flag| self.shows(flag))
    }

    fn shows(&self, flag: &Flag) -> bool {
        self.flag_view.as_ref().is_some_and(|view| view.shows(flag))
    }

    fn links(&self, is_wanted: impl Fn(&NavItem) -> bool) -> Vec<Link> {
        let route = self.route.as_ref().map_or("", MatchedPath::as_str);
        let items = self.navigation.iter().flat_map(Navigation::iter);
        let shown: Vec<&NavItem> =
            items.filter(|item| is_wanted(item) && self.is_shown(item)).collect();
        let current = shown
            .iter()
            .filter(|item| leads_to(item.address, route))
            .map(|item| item.address)
            .max_by_key(|address| address.len());
        let link = |item: &NavItem| Link {
            label: item.label,
            address: item.address,
            is_current: current == Some(item.address),
            count: self.count(item.address),
        };
        shown.into_iter().map(link).collect()
    }

    fn count(&self, address: &str) -> i64 {
        let counts = self.reader.as_ref().map(|reader| &reader.counts);
        counts.and_then(|counts| counts.get(address)).copied().unwrap_or(0)
    }
}

/// Returns true if a route is at or below the path of a link.
fn leads_to(address: &str, route: &str) -> bool {
    let rest = route.strip_prefix(address);
    rest.is_some_and(|rest| rest.is_empty() || address != "/" && rest.starts_with('/'))
}

/// Runs `page` with the frame of the request that these extensions belong to.
pub(crate) async fn framed<T>(found: &Extensions, page: impl Future<Output = T>) -> T {
    FRAME.scope(Frame::of(found), page).await
}

/// Runs a synchronous `page` with the frame of the request that these extensions belong to.
pub(crate) fn framed_now<T>(found: &Extensions, page: impl FnOnce() -> T) -> T {
    FRAME.sync_scope(Frame::of(found), page)
}

fn with<T: Default>(read: impl FnOnce(&Frame) -> T) -> T {
    FRAME.try_with(read).unwrap_or_default()
}

/// Returns the viewer of the rendered page.
#[must_use]
pub fn reader() -> Option<Reader> {
    with(|frame| frame.reader.clone())
}

/// Returns the community that runs the server.
#[must_use]
pub fn community() -> Community {
    with(|frame| frame.community.clone())
}

/// Returns true if the viewer of the rendered page is an admin.
#[must_use]
pub fn is_admin() -> bool {
    with(|frame| {
        let reader = frame.reader.as_ref();
        reader.is_some_and(|reader| reader.audience == Audience::Admins)
    })
}

/// Returns true if the viewer has a second factor that this session has not proven.
#[must_use]
pub fn owes_code() -> bool {
    with(|frame| frame.reader.as_ref().is_some_and(|reader| reader.owes_code))
}

/// Returns true if the rendered page is cached for everyone and leaves its slots empty.
#[must_use]
pub fn is_shared() -> bool {
    with(|frame| frame.is_shared)
}

/// Returns the marker of a slot of a page that is cached for everyone.
#[must_use]
pub fn slot() -> &'static str {
    web::slot()
}

/// Returns true if the feature of a flag is enabled for the rendered page.
#[must_use]
pub fn shows(flag: &Flag) -> bool {
    with(|frame| frame.shows(flag))
}

/// Returns the message after the viewer's last action.
#[must_use]
pub fn notice() -> Option<String> {
    with(|frame| frame.notice.clone())
}

/// Returns the links next to the viewer's name.
#[must_use]
pub fn tools() -> Vec<Link> {
    with(|frame| frame.links(|item| item.place == NavPlace::Tools))
}

/// Returns the links of the viewer's menu.
#[must_use]
pub fn account_links() -> Vec<Link> {
    with(|frame| frame.links(|item| item.place == NavPlace::Account))
}

/// Returns the links of the header that everyone sees.
#[must_use]
pub fn main_links() -> Vec<Link> {
    with(|frame| {
        frame.links(|item| item.place == NavPlace::Main && item.audience == Audience::Everyone)
    })
}

/// Returns the links of the header that only some viewers see.
#[must_use]
pub fn own_links() -> Vec<Link> {
    with(|frame| {
        frame.links(|item| item.place == NavPlace::Main && item.audience != Audience::Everyone)
    })
}

#[must_use]
pub fn settings_tabs() -> Vec<Link> {
    with(|frame| frame.links(|item| item.place == NavPlace::Settings))
}

/// Returns the tabs of the admin pages.
#[must_use]
pub fn admin_tabs() -> Vec<Link> {
    with(|frame| frame.links(|item| item.place == NavPlace::Admin))
}

#[must_use]
pub fn footer_links() -> Vec<Link> {
    with(|frame| frame.links(|item| item.place == NavPlace::Footer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_match_only_their_own_link() {
        for (address, route, belongs) in [
            ("/projects", "/projects", true),
            ("/projects", "/projects/{slug}/rules", true),
            ("/projects", "/projects-of-others", false),
            ("/", "/", true),
            ("/", "/people/{login}", false),
        ] {
            assert_eq!(leads_to(address, route), belongs, "{address} {route}");
        }
    }

    #[test]
    fn nothing_is_shown_without_a_frame() {
        assert!(reader().is_none() && !is_shared() && notice().is_none());
        assert!(main_links().is_empty() && own_links().is_empty());
    }
}
