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
    /// The path of the page; only for [`PanelPlace::OwnPart`].
    pub path: String,
    /// The parts of their profile that the person hides, by code; only for [`PanelPlace::Profile`].
    pub hidden: Vec<&'static str>,
    /// The extensions of the request; only for [`PanelPlace::Home`] and [`PanelPlace::OwnPart`].
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

/// A rendered panel.
#[derive(Clone, Debug, Default)]
pub struct PanelView {
    /// The section, as HTML.
    pub html: String,
    /// A number for the top of the page, with its label.
    pub stat: Option<(&'static str, String)>,
    /// True if the home page shows the panel next to its main column.
    pub is_aside: bool,
    /// True if the home page shows the panel beside the person's figures.
    pub is_half: bool,
}
