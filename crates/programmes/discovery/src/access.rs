//! Reads of what a request asks for.

pub(crate) mod matches;
mod repositories;

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{self, Caller, Client, WebError},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    model::{Facet, Filters, Freshness, ResultPlace, Search, SearchResults, Sort, WorkKind},
    reads::{self, OpportunityView},
    rules::{quota::Asker, similar::most_similar},
    search::Catalog,
};

pub(crate) use repositories::{RepositoryQuery, numbered, repository, repository_named};

/// The most characters of a search.
pub(crate) const LONGEST_SEARCH: usize = 300;

/// The most characters of the value of a filter.
const LONGEST_VALUE: usize = 100;

/// The similarity from which an opportunity is shown beside another one.
const SIMILAR: f64 = 0.35;

/// The number of similar opportunities that are shown.
const MOST_SIMILAR: usize = 5;

/// The number of opportunities that are compared with one.
const COMPARED: usize = 60;

/// The requested opportunities.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// The words to search for. A word in no opportunity is replaced by a similar one; `#12` finds issue 12.
    #[param(required = false, max_length = 300, example = "checksum")]
    pub(crate) q: String,
    /// The language in which the work is done.
    #[param(required = false, max_length = 100, example = "Rust")]
    pub(crate) language: String,
    /// The difficulty: `easy` (under 3.5 of 10), `medium` (under 6.5) or `hard`.
    #[param(required = false, pattern = "^(easy|medium|hard)?$")]
    pub(crate) level: String,
    /// A topic of the repository, or a skill that is needed.
    #[param(required = false, max_length = 100)]
    pub(crate) topic: String,
    /// The type of the work: `documentation`, `bug`, `feature`, `review` or `other`.
    #[serde(rename = "type")]
    #[param(required = false, pattern = "^(documentation|bug|feature|review|other)?$")]
    pub(crate) kind: String,
    /// The estimated time: `short` (up to 2 hours), `medium` (up to 5) or `long`.
    #[param(required = false, pattern = "^(short|medium|long)?$")]
    pub(crate) hours: String,
    /// A label.
    #[param(required = false, max_length = 100)]
    pub(crate) label: String,
    /// The health of the repository: `healthy` (70 of 100 or more), `slow` (40 or more) or `quiet`.
    #[param(required = false, pattern = "^(healthy|slow|quiet)?$")]
    pub(crate) health: String,
    /// How long ago something last happened to the issue at most: a `day`, a `week` or a `month` (30 days).
    #[param(required = false, pattern = "^(day|week|month)?$")]
    pub(crate) freshness: String,
    /// The order: `best`, `recent`, `impact` or `trending`.
    #[param(required = false, pattern = "^(best|recent|impact|trending)?$")]
    pub(crate) sort: String,
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    pub(crate) limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(required = false)]
    pub(crate) cursor: String,
}

impl SearchQuery {
    /// Returns the values of the filters, by facet.
    pub(crate) fn filters(&self) -> [(Facet, &str); 7] {
        Facet::ALL.map(|facet| (facet, self.of(facet)))
    }

    /// Returns true if something narrows the results beside the words.
    pub(crate) fn has_filter(&self) -> bool {
        !self.freshness.is_empty() || self.filters().iter().any(|(_, own)| !own.is_empty())
    }

    /// Returns it from the first result, in the order of relevance or worth.
    fn without_place(&self) -> Self {
        Self { sort: String::new(), cursor: String::new(), ..self.clone() }
    }

    /// Returns the value of a filter, empty without one.
    pub(crate) fn of(&self, facet: Facet) -> &str {
        match facet {
            Facet::Language => &self.language,
            Facet::Level => &self.level,
            Facet::Topic => &self.topic,
            Facet::Kind => &self.kind,
            Facet::Hours => &self.hours,
            Facet::Label => &self.label,
            Facet::Health => &self.health,
        }
    }

    /// Returns the request to the index, for at most `limit` opportunities.
    ///
    /// # Errors
    /// When a value is not one that the filter or the order takes.
    pub(crate) fn search(&self, limit: usize, now: Timestamp) -> Result<Search, Problem> {
        if self.q.chars().count() > LONGEST_SEARCH {
            let detail = format!("q can have at most {LONGEST_SEARCH} characters.");
            return Err(malformed(detail));
        }
        let active_since = self.freshness()?.map(|own| own.since(now));
        let mut filters = Filters::fresh(active_since);
        for (facet, value) in self.filters() {
            if !value.is_empty() {
                accepted(facet, value)?;
                filters.accept(facet, value.to_owned());
            }
        }
        Ok(Search {
            text: self.q.clone(),
            filters,
            sort: self.order()?,
            after: place(&self.cursor)?,
            limit,
        })
    }

    fn freshness(&self) -> Result<Option<Freshness>, Problem> {
        if self.freshness.is_empty() {
            return Ok(None);
        }
        let named = Freshness::named(&self.freshness).map(Some);
        let unknown = || malformed("freshness must be one of day, week, month.".to_owned());
        named.ok_or_else(unknown)
    }

    fn order(&self) -> Result<Sort, Problem> {
        match self.sort.as_str() {
            "" | "best" => Ok(Sort::Best),
            "recent" => Ok(Sort::Recent),
            "impact" => Ok(Sort::Impact),
            "trending" => Ok(Sort::Trending),
            _ => {
                let detail = "sort must be best, recent, impact or trending.";
                Err(malformed(detail.to_owned()))
            }
        }
    }
}

fn malformed(detail: String) -> Problem {
    Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail)
}

/// Checks that a filter takes a value.
fn accepted(facet: Facet, value: &str) -> Result<(), Problem> {
    let named: Vec<&str> = match (facet, facet.buckets()) {
        (_, Some(buckets)) => buckets.iter().map(|bucket| bucket.name).collect(),
        (Facet::Kind, None) => WorkKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        (_, None) if value.chars().count() <= LONGEST_VALUE => return Ok(()),
        (_, None) => {
            let name = facet.name();
            let detail = format!("{name} can have at most {LONGEST_VALUE} characters.");
            return Err(malformed(detail));
        }
    };
    if named.contains(&value) {
        Ok(())
    } else {
        Err(malformed(format!("{} must be one of {}.", facet.name(), named.join(", "))))
    }
}

/// Parses the cursor that [`cursor`] wrote.
fn place(cursor: &str) -> Result<Option<ResultPlace>, Problem> {
    if cursor.is_empty() {
        return Ok(None);
    }
    let number = |text: &str| match text.len() {
        1..=16 => u64::from_str_radix(text, 16).ok(),
        _ => None,
    };
    let place = cursor
        .split_once('~')
        .and_then(|(worth, tie)| Some(ResultPlace { worth: number(worth)?, tie: number(tie)? }));
    place.map(Some).ok_or_else(web::bad_cursor)
}

/// Formats the place of a result as a cursor. It is never a number.
pub(crate) fn cursor(place: ResultPlace) -> String {
    format!("{:x}~{:x}", place.worth, place.tie)
}

impl FromRequestParts<Context> for Asker {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Context) -> Result<Self, Infallible> {
        // The answer is for everybody and has no viewer, but a person causes its cost.
        let person = parts.extensions.get::<Caller>().map(|caller| caller.person);
        let network = parts.extensions.get::<Client>().map(|client| client.network());
        Ok(Self { person, network })
    }
}

/// A page of opportunities.
pub(crate) struct FoundPage {
    /// The results with their counts. Its hits are those of this page.
    pub(crate) found: SearchResults,
    pub(crate) items: Vec<OpportunityView>,
    /// The cursor of the next page.
    pub(crate) next: Option<String>,
}

/// Finds a page of at most `limit` opportunities.
///
/// # Errors
/// When the query is malformed, the index is not ready, or the database fails.
pub(crate) async fn find(
    context: &Context,
    catalog: &Catalog,
    query: &SearchQuery,
    limit: usize,
    asker: Asker,
) -> Result<FoundPage, WebError> {
    let search = query.search(limit + 1, context.now())?;
    let mut found = catalog.find(search, asker).await?;
    let next = found.hits.len() > limit;
    found.hits.truncate(limit);
    let next = found.hits.last().filter(|_| next);
    let next = next.map(|last| cursor(last.place));
    let items = reads::opportunities(&context.db, &found.ids()).await?;
    Ok(FoundPage { found, items, next })
}

/// Finds an opportunity and its description.
///
/// # Errors
/// When there is none with this ID, or the database fails.
pub(crate) async fn opportunity(
    context: &Context,
    id: Uuid,
) -> Result<(OpportunityView, String), WebError> {
    let found = reads::opportunity(&context.db, id).await?;
    let unknown = || {
        Problem::not_found(
            "There is no such opportunity. Search for another one at /discover.".to_owned(),
        )
    };
    let found = found.ok_or_else(unknown)?;
    let bodies = reads::bodies(&context.db, std::slice::from_ref(&found)).await?;
    let body = bodies.into_values().next().unwrap_or_default();
    Ok((found, body))
}

/// The opportunities that are most similar to one.
pub(crate) struct SimilarOpportunities {
    /// The opportunities with their similarity, best first.
    pub(crate) best: Vec<(OpportunityView, f64)>,
    /// True if the last changes are missing.
    pub(crate) is_old: bool,
}

/// Returns the opportunities that are most similar to one.
///
/// # Errors
/// When the index is not ready, or the database fails.
pub(crate) async fn similar(
    context: &Context,
    catalog: &Catalog,
    to: &OpportunityView,
) -> Result<SimilarOpportunities, WebError> {
    let words = [to.title.as_str(), &to.analysis.skills.join(" ")].join(" ");
    let by_words = Search {
        text: words.chars().take(LONGEST_SEARCH).collect(),
        limit: COMPARED,
        ..Search::default()
    };
    let mut same = Filters::default();
    same.accept(Facet::Kind, to.kind().as_str().to_owned());
    if let Some(language) = &to.analysis.language {
        same.accept(Facet::Language, language.clone());
    }
    let of_kind = Search { filters: same, limit: COMPARED, ..Search::default() };
    let mut others: Vec<Uuid> = Vec::with_capacity(2 * COMPARED);
    let mut is_old = false;
    for search in [by_words, of_kind] {
        let found = catalog.search(search).await?;
        is_old |= found.is_old;
        let found = found.ids().into_iter();
        let new: Vec<Uuid> = found.filter(|id| *id != to.id && !others.contains(id)).collect();
        others.extend(new);
    }
    let others = reads::opportunities(&context.db, &others).await?;
    let compared: Vec<_> = others.iter().map(OpportunityView::compared).collect();
    let best = most_similar(&to.compared(), &compared, SIMILAR, MOST_SIMILAR);
    let best = best.into_iter().map(|(index, value)| (others[index].clone(), value));
    let best = best.collect();
    Ok(SimilarOpportunities { best, is_old })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_round_trips() {
        let found = ResultPlace { worth: 1_065_353_216, tie: 12 };
        assert_eq!(place(&cursor(found)).expect("read"), Some(found));
        assert_eq!(place("").expect("read"), None);
        for wrong in ["1", "~", "1~", "x~1", "1~1~1", "11111111111111111~1"] {
            assert_eq!(place(wrong).expect_err(wrong).code, "BAD_CURSOR");
        }
    }

    #[test]
    fn unknown_values_are_refused() {
        let of = |change: fn(&mut SearchQuery)| {
            let mut query = SearchQuery::default();
            change(&mut query);
            query.search(1, Timestamp::UNIX_EPOCH).map(|_| ())
        };
        assert_eq!(of(|_| ()), Ok(()));
        assert_eq!(of(|query| query.language = "Rust".into()), Ok(()));
        for (change, says) in [
            ((|query| query.level = "high".into()) as fn(&mut SearchQuery), "easy, medium, hard"),
            (|query| query.kind = "chore".into(), "type must be one of"),
            (|query| query.sort = "worst".into(), "sort must be"),
            (|query| query.freshness = "hour".into(), "freshness must be one of day, week, month"),
            (|query| query.label = "x".repeat(101), "label can have"),
            (|query| query.q = "x".repeat(301), "q can have"),
        ] {
            let problem = of(change).expect_err("refused");
            assert_eq!(problem.code, "BAD_QUERY");
            assert!(problem.detail.contains(says), "{problem}");
        }
    }
}
