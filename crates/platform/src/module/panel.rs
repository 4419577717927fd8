//! Parts of pages that join modules, so that a home or a profile names none of them.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::{Context, web::WebError};

/// A page that joins modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelPlace {
    /// The home of visitors.
    Welcome,
    /// The home of a person who is signed in: their own work.
    Home,
    /// The profile of a person. It is cached, so a panel there shows everyone the same.
    Profile,
}

/// A part of a page that joins modules, rendered by its own module.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// The page that shows it.
    pub place: PanelPlace,
    /// Orders the panels of a page; lower comes first.
    pub order: u8,
    /// Renders it; nothing where it has nothing to show.
    pub render: RenderFn,
}

/// Renders a panel.
pub type RenderFn =
    for<'a> fn(&'a Context, &'a PanelRequest) -> BoxFuture<'a, Result<Option<PanelView>, WebError>>;

/// Request for the panels of a page.
#[derive(Clone, Debug, Default)]
pub struct PanelRequest {
    /// The person whose home or profile it is; absent on the home of visitors.
    pub person: Option<PanelPerson>,
    /// The query of the address. A panel reads only parameters of its own.
    pub query: HashMap<String, String>,
}

/// The person that a page is about.
#[derive(Clone, Debug)]
pub struct PanelPerson {
    /// Their id.
    pub id: Uuid,
    /// Their login.
    pub login: String,
}

impl PanelRequest {
    /// Returns a parameter of the query; empty when it is absent.
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
    /// A sentence about what needs the reader's attention.
    pub attention: Option<String>,
}
