//! Guides of modules: Markdown of the repository's `docs/guides`, embedded in the program.

use std::sync::{Arc, OnceLock};

use ui::{
    Address, PageResult, SideList,
    markdown::{self, Document},
    show,
    side::SidePart,
};

use askama::Template;
use axum::Extension;
use kernel::Problem;
use platform::{
    folded::FoldedText,
    module::{self, Hit, Modules, SearchKind, SearchRequest},
};

/// The guides, a kind of things of the application itself.
pub(crate) const SEARCH: &[SearchKind] = &[SearchKind {
    code: "guides",
    label: "Guides",
    order: 90,
    flag: None,
    find: |_, request| Box::pin(async move { Ok(found(request)) }),
}];

struct Guide {
    group: &'static str,
    /// The name in URLs.
    name: &'static str,
    title: &'static str,
    summary: &'static str,
    document: Document,
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
    fn described(&self) -> impl Iterator<Item = (&'static module::Guide, [FoldedText; 3])> {
        self.0.guides().map(|guide| {
            let parts = [guide.title, guide.summary, guide.markdown];
            (guide, parts.map(FoldedText::of))
        })
    }
}

impl Guide {
    fn of(guide: &module::Guide) -> Self {
        Self {
            group: guide.group,
            name: guide.name,
            title: guide.title,
            summary: guide.summary,
            document: markdown::document(guide.markdown),
        }
    }
}

/// Finds the guides whose title, summary or text contains the text, those with it in the title first.
fn found(request: &SearchRequest) -> Vec<Hit> {
    let text = request.folded();
    let Some(guides) = request.extensions.get::<Guides>() else {
        return Vec::new();
    };
    let mut found: Vec<(u8, Hit)> = guides
        .described()
        .filter_map(|(guide, folded)| {
            let place = folded.iter().position(|part| part.contains(&text))?;
            let hit = Hit::new(guide.title, format!("/guides/{}", guide.name), guide.summary);
            Some((u8::try_from(place).unwrap_or(u8::MAX), hit))
        })
        .collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, hit)| hit).take(request.most()).collect()
}

#[derive(Template)]
#[template(path = "guides.html")]
struct GuidesPage<'a> {
    /// The guides of each group, at least one.
    groups: Vec<&'a [Guide]>,
    side: SideList,
}

/// `GET /guides`.
pub(super) async fn guides(Extension(guides): Extension<Guides>) -> PageResult {
    let guides = guides.all();
    let groups = guides.chunk_by(|one, next| one.group == next.group).collect();
    show(&GuidesPage { groups, side: side(guides, "") })
}

/// Returns the side list of the guides, on the one with a name.
fn side(guides: &[Guide], current: &str) -> SideList {
    let parts: Vec<SidePart> =
        guides.iter().map(|guide| (guide.group, guide.name, guide.title)).collect();
    SideList { is_named_by_people: false, ..SideList::of("Guides", "/guides/", &parts, current) }
}

#[derive(Template)]
#[template(path = "guide.html")]
struct GuidePage<'a> {
    guide: &'a Guide,
    /// The guides before and after it in the list.
    previous: Option<&'a Guide>,
    next: Option<&'a Guide>,
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
    let place = all.iter().position(|guide| guide.name == name).ok_or_else(unknown)?;
    let (earlier, later) = all.split_at(place);
    let (guide, later) = later.split_first().ok_or_else(unknown)?;
    let (previous, next) = (earlier.last(), later.first());
    show(&GuidePage { guide, previous, next, side: side(all, &name) })
}
