//! Search for every kind of thing that has a page.

use std::collections::HashMap;

use askama::Template;
use axum::{Extension, extract::State, http::Extensions};
use platform::{
    Context,
    module::{Hit, Modules},
};
use ui::{PageResult, PersonFace, Pic, QueryString, Who, format::segment, show};

use crate::reads::found::{Found, SHORTEST, kind_named, search as find, searched};

/// The number of hits of each kind when all kinds are shown.
const FEW: usize = 5;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    text: String,
    is_too_short: bool,
    /// The kinds with hits, with links to each; empty if there is one.
    tabs: Vec<Tab>,
    groups: Vec<Group>,
}

/// A link to the hits of a kind, or of all.
struct Tab {
    label: &'static str,
    address: String,
    count: String,
    is_current: bool,
}

/// Hits of a kind.
struct Group {
    code: &'static str,
    label: &'static str,
    hits: Vec<Row>,
    /// The link to all of them, with their number; absent if all are shown.
    all: Option<(String, String)>,
    /// True if the names are only similar to the text.
    is_similar: bool,
    /// True if there are more than can be shown.
    is_cut: bool,
}

/// A hit with its picture.
struct Row {
    face: Option<PersonFace<'static>>,
    pic: Option<Pic>,
    hit: Hit,
}

impl Row {
    fn of(hit: Hit) -> Self {
        let (mut face, mut pic) = (None, None);
        let stored = hit.stored.clone().map(|path| (path, String::new()));
        match &hit.picture {
            Some(("person", login)) => face = Some(person(&hit, login).portrait("m")),
            Some((kind @ ("project" | "submission"), slug)) => {
                pic = Some(Pic::mark(kind, slug, stored));
            }
            Some((kind @ ("hackathon" | "season"), slug)) => {
                pic = Some(Pic::arms(kind, slug, None));
            }
            _ => {}
        }
        Self { face, pic, hit }
    }
}

/// Returns the person that a hit names.
fn person(hit: &Hit, login: &str) -> Who {
    let name = Some(hit.title.clone()).filter(|name| name != login);
    Who { name, picture: hit.stored.clone(), ..Who::of(login) }
}

/// `GET /search`.
pub(super) async fn search(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    extensions: Extensions,
    QueryString(query): QueryString<HashMap<String, String>>,
) -> PageResult {
    let parameter = |name: &str| query.get(name).map_or("", String::as_str);
    let text = searched(parameter("q"));
    let only = match parameter("kind") {
        "" => None,
        code => Some(kind_named(&context, modules, code)?),
    };
    let is_too_short = text.chars().count() < SHORTEST;
    let found = if is_too_short {
        Vec::new()
    } else {
        find(&context, modules, &extensions, (&text, None)).await?
    };
    show(&SearchPage {
        is_too_short: is_too_short && !text.is_empty(),
        tabs: tabs(&found, &text, only),
        groups: groups(found, &text, only),
        text,
    })
}

fn address(text: &str, kind: &str) -> String {
    format!("/search?kind={kind}&q={}", segment(text))
}

fn tabs(found: &[Found], text: &str, only: Option<&str>) -> Vec<Tab> {
    if found.len() < 2 && only.is_none() {
        return Vec::new();
    }
    let all = Tab {
        label: "All",
        address: format!("/search?q={}", segment(text)),
        count: String::new(),
        is_current: only.is_none(),
    };
    let tab = |kind: &Found| Tab {
        label: kind.label,
        address: address(text, kind.code),
        count: kind.count(),
        is_current: only == Some(kind.code),
    };
    std::iter::once(all).chain(found.iter().map(tab)).collect()
}

fn groups(found: Vec<Found>, text: &str, only: Option<&str>) -> Vec<Group> {
    let shown = found.into_iter().filter(|kind| only.is_none_or(|only| only == kind.code));
    let group = |mut kind: Found| {
        let is_part = only.is_none() && kind.hits.len() > FEW;
        let all = is_part.then(|| (address(text, kind.code), kind.count()));
        if is_part {
            kind.hits.truncate(FEW);
        }
        Group {
            code: kind.code,
            label: kind.label,
            is_similar: kind.hits.iter().all(|hit| hit.is_similar),
            is_cut: kind.has_more && only.is_some(),
            hits: kind.hits.into_iter().map(Row::of).collect(),
            all,
        }
    };
    shown.map(group).collect()
}
