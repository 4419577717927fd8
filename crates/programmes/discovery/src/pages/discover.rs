use askama::Template;
use axum::{Extension, extract::State, response::Response};
use platform::Context;
use ui::{
    PageError, QueryString,
    format::{Instant, Number},
};

use super::{
    card::Card,
    facets::{FacetGroup, page_address, without},
    found,
    tabs::{QUICK, SEARCH, TRENDING, Tab, tabs},
    words,
};
use crate::{
    access::{self, LONGEST_SEARCH, SearchQuery},
    model::{Facet, Freshness, SearchResults},
    reads,
    rules::quota::Asker,
    search::Catalog,
};

/// The number of opportunities on a page.
const ROWS: usize = 6;

/// The orders, with their names in addresses.
const ORDERS: [(&str, &str); 4] =
    [("", "Best match"), ("recent", "Most recent"), ("impact", "Impact"), ("trending", "Trending")];

/// The filters by the last activity, with their names in addresses.
const FRESHNESS: [(&str, &str); 4] = [
    ("", "Any"),
    (Freshness::Day.as_str(), "In the last day"),
    (Freshness::Week.as_str(), "In the last week"),
    (Freshness::Month.as_str(), "In the last month"),
];

#[derive(Template)]
#[template(path = "discover.html")]
struct DiscoverPage {
    query: SearchQuery,
    longest: usize,
    total: Number,
    cards: Vec<Card>,
    groups: Vec<FacetGroup>,
    corrections: Vec<(String, String)>,
    /// True if meanings were compared too.
    by_meaning: bool,
    /// Why only words were compared.
    by_words_only: Option<String>,
    next: Option<String>,
    first: String,
    tabs: Vec<Tab>,
    /// True if no repository is followed.
    is_unused: bool,
    now: Instant,
    /// Without results: the filters, with the number of results without each.
    ways: Vec<(String, String, Number)>,
}

/// `GET /discover`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(catalog): Extension<Catalog>,
    asker: Asker,
    QueryString(query): QueryString<SearchQuery>,
) -> Result<Response, PageError> {
    let page = access::find(&context, &catalog, &query, ROWS, asker).await?;
    let mut searched = query.q.clone();
    for (_, instead) in &page.found.corrections {
        searched.push(' ');
        searched.push_str(instead);
    }
    let mut highlight =
        catalog.highlight(&searched).await.map_err(platform::web::WebError::from)?;
    let bodies = reads::bodies(&context.db, &page.items).await?;
    let cards = page.items.iter().map(|own| {
        let body = bodies.get(&own.id).map_or("", String::as_str);
        Card::of(own, body, &mut highlight)
    });
    let is_unused = page.found.total == 0 && reads::is_unused(&context.db).await?;
    let is_old = page.found.is_old || page.found.by_words_only.is_some();
    let page = DiscoverPage {
        longest: LONGEST_SEARCH,
        total: Number(i64::try_from(page.found.total).unwrap_or(i64::MAX)),
        cards: cards.collect(),
        groups: FacetGroup::all(&query, &page.found),
        ways: ways(&query, &page.found),
        corrections: page.found.corrections,
        by_meaning: page.found.by_meaning,
        by_words_only: page.found.by_words_only,
        next: page.next.map(|cursor| page_address(SEARCH, &query, &cursor)),
        first: page_address(SEARCH, &query, ""),
        tabs: tabs(current(&query)),
        is_unused,
        now: Instant(context.now()),
        query,
    };
    found(&page, is_old)
}

/// Returns the address of the tab that shows a search.
fn current(query: &SearchQuery) -> &'static str {
    match (query.level.as_str(), query.hours.as_str()) {
        ("easy", "short") => QUICK,
        _ if query.sort == "trending" => TRENDING,
        _ => SEARCH,
    }
}

/// Returns the filters of a search without results: the words of each, the address of the search without it, and the number
/// of results there.
fn ways(query: &SearchQuery, found: &SearchResults) -> Vec<(String, String, Number)> {
    if found.total > 0 {
        return Vec::new();
    }
    let ways = query.filters().into_iter().filter_map(|(facet, value)| {
        // A topic and a label can be beside others of the same issue, so their counts do not add up.
        if value.is_empty() || matches!(facet, Facet::Topic | Facet::Label) {
            return None;
        }
        let count: u64 = found.facets.get(&facet)?.values().sum();
        let count = Number(i64::try_from(count).ok().filter(|count| *count > 0)?);
        let name = words::facet(facet).to_lowercase();
        Some((name, without(query, facet), count))
    });
    ways.collect()
}

impl DiscoverPage {
    fn heading(&self) -> String {
        let mut words = self.total.of("issue", "issues");
        if !self.query.language.is_empty() {
            words.push_str(&format!(" in {}", self.query.language));
        }
        words
    }

    fn order(&self) -> &'static str {
        let sort = self.query.sort.as_str();
        match sort {
            "recent" => "Most recent first",
            "impact" => "Highest impact first",
            "trending" => "Most attention first",
            _ if self.query.q.trim().is_empty() => "Highest worth first",
            _ => "Best match first",
        }
    }

    fn has_filter(&self) -> bool {
        self.query.has_filter()
    }
}
