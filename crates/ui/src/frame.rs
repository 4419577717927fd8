//! The frame of a page: who reads it, which links they see, and the message after their last action.
//! It is kept beside the handler while a page is rendered, so that no page passes it on.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::MatchedPath, http::Extensions};
use platform::{
    flags::{Flag, FlagView},
    module::{Audience, Modules, NavItem, Place},
    web::ForEverybody,
};
use uuid::Uuid;

/// A person who is signed in and reads a page; a middleware puts one on the request.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person's id.
    pub person: Uuid,
    /// The name in addresses.
    pub login: String,
    /// The widest audience they belong to.
    pub audience: Audience,
    /// Counts of items that need their attention, by the address of the link that leads to them.
    pub counts: BTreeMap<&'static str, i64>,
}

/// Every link of the layout; an extension of each request.
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

/// A link as a template shows it.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its text.
    pub label: &'static str,
    /// Its address.
    pub address: &'static str,
    /// True when it leads to the current page or its section.
    pub is_current: bool,
    /// Count of items behind it; 0 shows nothing.
    pub count: i64,
}

#[derive(Default)]
struct Frame {
    reader: Option<Reader>,
    flag_view: Option<FlagView>,
    navigation: Option<Navigation>,
    route: Option<MatchedPath>,
    notice: Option<String>,
    /// True when the page is cached for everyone, with open slots for each reader's own part.
    is_for_everybody: bool,
}

tokio::task_local! {
    static FRAME: Frame;
}

impl Frame {
    fn of(found: &Extensions, notice: Option<String>) -> Self {
        Self {
            reader: found.get().cloned(),
            flag_view: found.get().cloned(),
            navigation: found.get().cloned(),
            route: found.get().cloned(),
            is_for_everybody: found.get::<ForEverybody>().is_some(),
            notice: notice.filter(|_| found.get::<ForEverybody>().is_none()),
        }
    }

    fn is_shown(&self, item: &NavItem) -> bool {
        let audience = self
            .reader
            .as_ref()
            .map_or(Audience::Everyone, |reader| reader.audience);
        audience >= item.audience && item.flag.is_none_or(|flag| self.shows(flag))
    }

    fn shows(&self, flag: &Flag) -> bool {
        self.flag_view.as_ref().is_some_and(|view| view.shows(flag))
    }

    fn links(&self, is_wanted: impl Fn(&NavItem) -> bool) -> Vec<Link> {
        let route = self.route.as_ref().map_or("", MatchedPath::as_str);
        let items = self.navigation.iter().flat_map(Navigation::iter);
        let shown: Vec<&NavItem> = items
            .filter(|item| is_wanted(item) && self.is_shown(item))
            .collect();
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
        counts
            .and_then(|counts| counts.get(address))
            .copied()
            .unwrap_or(0)
    }
}

/// Returns true when a route is below the address of a link.
fn leads_to(address: &str, route: &str) -> bool {
    let rest = route.strip_prefix(address);
    rest.is_some_and(|rest| rest.is_empty() || address != "/" && rest.starts_with('/'))
}

/// Runs `page` with the frame of the request that these extensions belong to.
pub(crate) async fn framed<T>(
    found: &Extensions,
    notice: Option<String>,
    page: impl Future<Output = T>,
) -> T {
    FRAME.scope(Frame::of(found, notice), page).await
}

/// The same for work that waits for nothing.
pub(crate) fn framed_now<T>(found: &Extensions, page: impl FnOnce() -> T) -> T {
    FRAME.sync_scope(Frame::of(found, None), page)
}

fn with<T: Default>(read: impl FnOnce(&Frame) -> T) -> T {
    FRAME.try_with(read).unwrap_or_default()
}

/// Returns who reads the page that is rendered.
#[must_use]
pub fn reader() -> Option<Reader> {
    with(|frame| frame.reader.clone())
}

/// Returns true when the rendered page is for an admin.
#[must_use]
pub fn is_admin() -> bool {
    with(|frame| {
        let reader = frame.reader.as_ref();
        reader.is_some_and(|reader| reader.audience == Audience::Admins)
    })
}

/// Returns true when the rendered page leaves its slots open.
#[must_use]
pub fn is_for_everybody() -> bool {
    with(|frame| frame.is_for_everybody)
}

/// Returns true when the rendered page shows the feature of a flag.
#[must_use]
pub fn shows(flag: &Flag) -> bool {
    with(|frame| frame.shows(flag))
}

/// Returns the message after the reader's last action.
#[must_use]
pub fn notice() -> Option<String> {
    with(|frame| frame.notice.clone())
}

/// Returns the links of the header that everyone sees.
#[must_use]
pub fn main_links() -> Vec<Link> {
    with(|frame| {
        frame.links(|item| item.place == Place::Main && item.audience == Audience::Everyone)
    })
}

/// Returns the links of the header that only some readers see.
#[must_use]
pub fn own_links() -> Vec<Link> {
    with(|frame| {
        frame.links(|item| item.place == Place::Main && item.audience != Audience::Everyone)
    })
}

/// Returns the tabs of the settings.
#[must_use]
pub fn settings_tabs() -> Vec<Link> {
    with(|frame| frame.links(|item| item.place == Place::Settings))
}

/// Returns the tabs of the admin pages.
#[must_use]
pub fn admin_tabs() -> Vec<Link> {
    with(|frame| frame.links(|item| item.place == Place::Admin))
}

/// Returns the links of the footer.
#[must_use]
pub fn footer_links() -> Vec<Link> {
    with(|frame| frame.links(|item| item.place == Place::Footer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_belongs_under_its_own_link_only() {
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
    fn without_a_frame_nothing_is_shown() {
        assert!(reader().is_none() && !is_for_everybody() && notice().is_none());
        assert!(main_links().is_empty() && own_links().is_empty());
    }
}
