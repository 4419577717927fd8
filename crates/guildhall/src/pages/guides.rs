//! Guides of modules: Markdown of the repository's `docs/guides`, embedded in the program.

use std::sync::{Arc, OnceLock};

use ui::{Address, PageResult, SideList, markdown, show, side::SidePart};

use askama::Template;
use axum::Extension;
use kernel::Problem;
use platform::{
    folded::FoldedText,
    module::{self, Modules},
};

struct Guide {
    /// The name in URLs.
    name: &'static str,
    title: &'static str,
    summary: &'static str,
    /// Sanitized HTML.
    html: String,
}

/// The guides of the server's modules, rendered when one is first read.
#[derive(Clone)]
pub(crate) struct Guides(Modules, Arc<OnceLock<Vec<Guide>>>);

impl Guides {
    /// Collects the guides of modules.
    pub(crate) fn of(modules: Modules) -> Self {
        Self(modules, Arc::default())
    }

    fn all(&self) -> &[Guide] {
        let rendered = || self.0.guides().map(Guide::of).collect();
        self.1.get_or_init(rendered)
    }
}

impl Guides {
    /// Returns the guides, each with its title, its summary and its text in the form in which they are compared.
    pub(crate) fn described(
        &self,
    ) -> impl Iterator<Item = (&'static module::Guide, [FoldedText; 3])> {
        self.0.guides().map(|guide| {
            let parts = [guide.title, guide.summary, guide.markdown];
            (guide, parts.map(FoldedText::of))
        })
    }
}

impl Guide {
    fn of(guide: &module::Guide) -> Self {
        Self {
            name: guide.name,
            title: guide.title,
            summary: guide.summary,
            html: markdown::document(guide.markdown),
        }
    }
}

#[derive(Template)]
#[template(path = "guides.html")]
struct GuidesPage<'a> {
    guides: &'a [Guide],
    side: SideList,
}

/// `GET /guides`.
pub(super) async fn guides(Extension(guides): Extension<Guides>) -> PageResult {
    let guides = guides.all();
    show(&GuidesPage { guides, side: side(guides, "") })
}

/// Returns the side list of the guides, on the one with a name.
fn side(guides: &[Guide], current: &str) -> SideList {
    let parts: Vec<SidePart> = guides.iter().map(|guide| ("", guide.name, guide.title)).collect();
    SideList { is_named_by_people: false, ..SideList::of("Guides", "/guides/", &parts, current) }
}

#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage<'a> {
    guide: &'a Guide,
    side: SideList,
}

/// `GET /guides/{name}`.
pub(super) async fn guide(
    Extension(guides): Extension<Guides>,
    Address(name): Address<String>,
) -> PageResult {
    let unknown =
        || Problem::not_found(format!("Unknown guide '{name}'. See /guides for all guides."));
    let all = guides.all();
    let guide = all.iter().find(|guide| guide.name == name);
    show(&GuidePage { guide: guide.ok_or_else(unknown)?, side: side(all, &name) })
}
