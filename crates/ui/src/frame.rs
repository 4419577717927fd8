//! The frame of a page: its viewer, their links and the message after their last action. A task-local holds it
//! while a page is rendered, so that pages need not pass it on.

use std::{collections::BTreeMap, future::ready, sync::Arc};

use axum::{extract::MatchedPath, http::Extensions};
use futures_util::future::BoxFuture;
use platform::{
    flags::{Flag, FlagView},
    module::{Audience, Modules, NavItem, NavPlace, PanelView},
    web::{self, Asked, ForEverybody, Loading, WebError},
    work::WorkCount,
};
use uuid::Uuid;

use crate::{
    Community, Theme, Who,
    format::segment,
    notice::{Notice, Undo},
};

/// The signed-in person who views a page; a middleware adds it to the request.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person's id.
    pub person: Uuid,
    /// The login in URLs.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
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
    /// The heading of its group in a side list.
    pub group: &'static str,
}

/// The path of a request without a route, as a request extension: links above it are current.
#[derive(Clone, Debug)]
pub(crate) struct Unrouted(pub(crate) String);

#[derive(Default)]
struct Frame {
    reader: Option<Reader>,
    flag_view: Option<FlagView>,
    navigation: Option<Navigation>,
    route: Option<MatchedPath>,
    unrouted: Option<Unrouted>,
    notice: Option<String>,
    undo: Option<Undo>,
    community: Community,
    theme: Option<Theme>,
    /// The path and query of the page, without what it does not read; empty if unknown.
    asked: String,
    /// True if the page is cached for everyone, with slots for the parts that differ by viewer.
    is_shared: bool,
    /// The data of a demo that is still to come.
    coming: Option<String>,
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
            unrouted: found.get().cloned(),
            is_shared: found.get::<ForEverybody>().is_some(),
            community: found.get().cloned().unwrap_or_default(),
            notice: found.get().map(|Notice(message)| message.clone()),
            theme: found.get().copied(),
            asked: asked(found),
            undo: found.get().cloned(),
            coming: found.get::<Loading>().and_then(Loading::coming),
        }
    }

    fn is_shown(&self, item: &NavItem) -> bool {
        let audience = self.reader.as_ref().map_or(Audience::Everyone, |reader| reader.audience);
        audience >= item.audience && item.flag.is_none_or(|flag| self.shows(flag))
    }

    fn shows(&self, flag: &Flag) -> bool {
        self.flag_view.as_ref().is_some_and(|view| view.shows(flag))
    }

    fn has_link(&self, address: &str) -> bool {
        let mut items = self.navigation.iter().flat_map(Navigation::iter);
        items.any(|item| item.address == address && self.is_shown(item))
    }

    fn links(&self, is_wanted: impl Fn(&NavItem) -> bool) -> Vec<Link> {
        let route = self.route();
        let items = self.navigation.iter().flat_map(Navigation::iter);
        let shown: Vec<&NavItem> =
            items.filter(|item| is_wanted(item) && self.is_shown(item)).collect();
        let near = shown.iter().map(|item| (nearness(item, route), item.address));
        let current = near.max_by_key(|(near, _)| *near).filter(|(near, _)| *near > 0);
        let link = |item: &NavItem| Link {
            label: item.label,
            address: item.address,
            is_current: current.is_some_and(|(_, address)| address == item.address),
            count: self.count(item.address),
            group: item.group,
        };
        shown.into_iter().map(link).collect()
    }

    /// Returns the route, or the path if no route serves it.
    fn route(&self) -> &str {
        let unrouted = self.unrouted.as_ref().map_or("", |Unrouted(path)| path);
        self.route.as_ref().map_or(unrouted, MatchedPath::as_str)
    }

    fn links_of(&self, place: NavPlace) -> Vec<Link> {
        self.links(|item| item.place == place)
    }

    fn work(&self) -> Option<Link> {
        let Work { label, address, count } = self.reader.as_ref()?.work?;
        let route = self.route.as_ref().map_or("", MatchedPath::as_str);
        let mut items = self.navigation.iter().flat_map(Navigation::iter);
        let item = items.find(|item| item.place == NavPlace::Work && item.address == address);
        let is_current = leads_to(address, route) || item.is_some_and(|i| nearness(i, route) > 0);
        Some(Link { label, address, is_current, count, group: "" })
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

/// Returns the length of the longest path of a link that a route is at or below; 0 if there is none.
fn nearness(item: &NavItem, route: &str) -> usize {
    let paths = item.under.iter().chain([&item.address]);
    paths.filter(|path| leads_to(path, route)).map(|path| path.len()).max().unwrap_or(0)
}

/// Returns the path and query of a page, as the cache of public pages knows it or as it was asked for.
fn asked(found: &Extensions) -> String {
    let address = found.get().and_then(|Asked(uri)| uri.path_and_query());
    address.map_or_else(String::new, |address| address.as_str().to_owned())
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

/// Renders a panel if the feature of a flag is enabled for the rendered page; nothing otherwise.
pub fn panel<'a>(
    flag: &Flag,
    render: impl Future<Output = Result<Option<PanelView>, WebError>> + Send + 'a,
) -> BoxFuture<'a, Result<Option<PanelView>, WebError>> {
    if shows(flag) { Box::pin(render) } else { Box::pin(ready(Ok(None))) }
}

/// Returns true if the layout has a link to a path for the viewer of the rendered page. Features that are off have none.
#[must_use]
pub fn has_link(address: &str) -> bool {
    with(|frame| frame.has_link(address))
}

/// Returns the message after the viewer's last action.
#[must_use]
pub fn notice() -> Option<String> {
    with(|frame| frame.notice.clone())
}

/// Returns the form that undoes the viewer's last action, if it can be undone.
#[must_use]
pub fn undo() -> Option<Undo> {
    with(|frame| frame.undo.clone())
}

/// Returns the data of a demo that is still to come, as a list in a sentence.
#[must_use]
pub fn coming() -> Option<String> {
    with(|frame| frame.coming.clone())
}

/// Returns the attribute of the page's first element that states the chosen color scheme, or the marker of its slot.
#[must_use]
pub fn theme_attribute() -> &'static str {
    if is_shared() { slot() } else { own_theme() }
}

/// Returns the attribute that states the color scheme which the viewer chose.
pub(crate) fn own_theme() -> &'static str {
    match theme() {
        Some(Theme::Light) => " data-theme=\"light\"",
        Some(Theme::Dark) => " data-theme=\"dark\"",
        None => "",
    }
}

/// Returns the color scheme that the viewer chose; `None` for the device's.
#[must_use]
pub fn theme() -> Option<Theme> {
    with(|frame| frame.theme)
}

/// Returns true if a name is that of the color scheme which the viewer chose; `device` is none.
#[must_use]
pub fn is_theme(name: &str) -> bool {
    theme().map_or("device", Theme::as_str) == name
}

/// Returns the path of the page to sign in, which leads back to the rendered page.
#[must_use]
pub fn sign_in_address() -> String {
    let asked = with(|frame| frame.asked.clone());
    if asked.is_empty() || asked == "/" || asked.starts_with("/sign-in") {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?return={}", segment(&asked))
    }
}

/// Returns true if the rendered page is at or below a path.
#[must_use]
pub fn is_at(path: &str) -> bool {
    with(|frame| frame.route.as_ref().is_some_and(|route| leads_to(path, route.as_str())))
}

/// Returns the links next to the viewer's portrait.
#[must_use]
pub fn tools() -> Vec<Link> {
    with(|frame| frame.links_of(NavPlace::Tools))
}

/// Returns the links of the account menu to what belongs to the viewer.
#[must_use]
pub fn account_links() -> Vec<Link> {
    with(|frame| frame.links_of(NavPlace::Account))
}

/// Returns the links of the account menu to what the viewer manages.
#[must_use]
pub fn manage_links() -> Vec<Link> {
    with(|frame| frame.links_of(NavPlace::Manage))
}

/// Returns the entries of the header, which everyone sees.
#[must_use]
pub fn main_links() -> Vec<Link> {
    with(|frame| frame.links_of(NavPlace::Main))
}

/// Returns the last entry of the header: the work that the viewer has.
#[must_use]
pub fn work() -> Option<Link> {
    with(Frame::work)
}

/// Returns the number of items that wait for the viewer on admin pages; `None` for people to whom no admin page is open.
#[must_use]
pub fn admin_count() -> Option<i64> {
    let is_open = |reader: &Reader| reader.audience >= Audience::Moderators;
    with(|frame| {
        frame.reader.as_ref().filter(|reader| is_open(reader))?;
        Some(frame.links_of(NavPlace::Admin).iter().map(|link| link.count).sum())
    })
}

/// Returns the side list of the viewer's settings.
#[must_use]
pub fn settings_links() -> Vec<Link> {
    with(|frame| frame.links_of(NavPlace::Settings))
}

/// Returns the side list of the admin pages.
#[must_use]
pub fn admin_links() -> Vec<Link> {
    with(|frame| frame.links_of(NavPlace::Admin))
}

#[must_use]
pub fn footer_links() -> Vec<Link> {
    with(|frame| frame.links_of(NavPlace::Footer))
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
    fn an_entry_is_current_also_at_its_other_paths() {
        let events = NavItem::new(NavPlace::Main, 40, "Events", "/events")
            .with(&["/hackathons", "/seasons"]);
        assert_eq!(nearness(&events, "/hackathons/{slug}/team"), "/hackathons".len());
        assert_eq!(nearness(&events, "/events"), "/events".len());
        assert_eq!(nearness(&events, "/eventsome"), 0);
        let home = NavItem::new(NavPlace::Main, 10, "Home", "/");
        assert_eq!((nearness(&home, "/"), nearness(&home, "/projects")), (1, 0));
    }

    #[test]
    fn nothing_is_shown_without_a_frame() {
        assert!(reader().is_none() && !is_shared() && notice().is_none());
        assert!(main_links().is_empty() && work().is_none() && theme().is_none());
        assert_eq!(admin_count(), None);
        assert!(!has_link("/projects"));
    }
}
