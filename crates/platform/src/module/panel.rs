//! Panels of pages that combine several modules, so that the home page and profiles depend on none of them.

use std::collections::HashMap;

use axum::http::Extensions;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::{Context, web::WebError};

/// A page that combines several modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelPlace {
    /// The home page of a signed-in person, below what needs them and what runs.
    Home,
    /// The profile of a person. It is cached, so a panel there must show the same to everyone.
    Profile,
    /// The list of all work: about the task that the page shows whole, and what the person did in the last week.
    Work,
    /// The page of a person for moderators and admins. It may show what only they may know.
    AdminPerson,
    /// The page of a project about who works on the issues of its repositories, for maintainers.
    ProjectClaims,
    /// A cached page, about its viewer: the slot after those of the layout. A panel shows nothing on the pages of other
    /// modules.
    OwnPart,
}

/// A part of such a page, rendered by its own module.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// The page that shows it.
    pub place: PanelPlace,
    /// Orders the panels of a page; lower comes first.
    pub order: u8,
    /// Renders the panel; returns `None` if it has nothing to show.
    pub render: RenderFn,
}

/// A function that renders a panel.
pub type RenderFn =
    for<'a> fn(&'a Context, &'a PanelRequest) -> BoxFuture<'a, Result<Option<PanelView>, WebError>>;

/// A request for the panels of a page.
#[derive(Clone, Debug, Default)]
pub struct PanelRequest {
    /// The person whose home page or profile it is.
    pub person: Option<PanelPerson>,
    /// The query string. A panel reads only its own parameters.
    pub query: HashMap<String, String>,
    /// The repositories of the project; only for [`PanelPlace::ProjectClaims`].
    pub repositories: Vec<Uuid>,
    /// The path of the page, for [`PanelPlace::OwnPart`], or of the task that is shown whole, for [`PanelPlace::Work`].
    pub path: String,
    /// The parts of their profile that the person hides, by code; only for [`PanelPlace::Profile`].
    pub hidden: Vec<&'static str>,
    /// The extensions of the request; not for [`PanelPlace::Profile`] and [`PanelPlace::ProjectClaims`].
    pub extensions: Extensions,
}

/// The person that a page is about.
#[derive(Clone, Debug)]
pub struct PanelPerson {
    pub id: Uuid,
    pub login: String,
}

impl PanelRequest {
    /// Returns whether the person of a profile hides a part of it.
    #[must_use]
    pub fn hides(&self, part: &str) -> bool {
        self.hidden.contains(&part)
    }

    /// Returns a parameter of the query, or an empty string if it is absent.
    #[must_use]
    pub fn parameter(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

/// A rendered panel. The home page shows [`PanelView::html`] and the figures; a profile has a place for each part. The list of
/// all work shows pairs of `dt` and `dd` in [`PanelView::html`], what else one can do with the task in [`PanelView::below`], and
/// the figures. The page of a person for moderators shows the figures, [`PanelView::now`] as what the person holds, sections in
/// [`PanelView::html`], and what one can do in [`PanelView::below`].
#[derive(Clone, Debug, Default)]
pub struct PanelView {
    /// The section, as HTML.
    pub html: String,
    /// True if the page shows the section next to its main column.
    pub is_aside: bool,
    /// True for open work of the person's own, which makes their figures worth showing.
    pub is_open_work: bool,
    /// The figures for the strip at the top of a profile, or those of the last week.
    pub figures: Vec<PanelFigure>,
    /// The present work of the person, for the head of a profile, or what they hold.
    pub now: Vec<PanelNow>,
    /// Sections as HTML across a profile, above its columns.
    pub wide: String,
    /// Sections as HTML across a profile, below its columns: whole lists, which are folded.
    pub below: String,
}

/// A figure of a person.
#[derive(Clone, Debug, Default)]
pub struct PanelFigure {
    pub label: &'static str,
    pub value: String,
    /// The unit, and what the figure is a share of.
    pub detail: String,
    /// The words and the address of the link to the rows that it counts.
    pub rows: Option<(&'static str, String)>,
}

/// Something that a person is at now, which everyone may know.
#[derive(Clone, Debug, Default)]
pub struct PanelNow {
    /// The words before the name; may be empty.
    pub says: &'static str,
    pub name: String,
    pub address: String,
}
