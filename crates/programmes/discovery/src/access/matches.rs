use std::collections::BTreeMap;

use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    Context,
    db::DbError,
    web::{self, WebError},
};
use uuid::Uuid;

use super::SearchQuery;
use crate::{
    model::{Match, Person},
    reads::{self, OpportunityView, StatedFeedback},
    rules::{
        matching::fit,
        spread::{Scored, SpreadPlace, seed, spread},
        trending::learning_pick,
    },
    search::{Catalog, FittingIssue, Pool, PoolFilter},
};

/// The best opportunities for a person that are ordered, and can be paged through.
const MOST: usize = 200;

/// The results of a search that are matched with a person.
const SEARCHED: usize = 400;

#[derive(Clone, Debug)]
pub(crate) struct MatchedOpportunity {
    pub(crate) opportunity: OpportunityView,
    pub(crate) fit: Match,
    pub(crate) stated: StatedFeedback,
    /// Why it is at its place, if not by its fit.
    pub(crate) is_less_visited: bool,
    /// The sentence that says what it teaches, for learning picks.
    pub(crate) teaches: Option<String>,
}

/// The opportunities that are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct MatchRequest {
    /// The words and the filters; the order and the cursor of the search do not count.
    pub(crate) query: SearchQuery,
    /// Only those that teach the person one new skill.
    pub(crate) is_learning: bool,
    /// The number of better ones that are left out.
    pub(crate) start: usize,
    /// The most opportunities.
    pub(crate) limit: usize,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct MatchPage {
    pub(crate) items: Vec<MatchedOpportunity>,
    /// The number of all matches, at most [`MOST`].
    pub(crate) total: usize,
    /// The cursor of the next page.
    pub(crate) next: Option<String>,
}

/// Parses a cursor of matches.
///
/// # Errors
/// When it is not one.
pub(crate) fn start(cursor: &str) -> Result<usize, WebError> {
    if cursor.is_empty() {
        return Ok(0);
    }
    let start = cursor.strip_prefix("after-").filter(|own| own.len() <= 3);
    let start = start.and_then(|own| own.parse().ok());
    start.ok_or_else(|| web::bad_cursor().into())
}

/// Finds the opportunities that fit a person best. Without words, people with equal profiles get different orders.
///
/// # Errors
/// When the query is malformed, the index is not ready, or the database fails.
pub(crate) async fn matches(
    context: &Context,
    catalog: &Catalog,
    pool: &Pool,
    id: UserId,
    person: &Person,
    asked: &MatchRequest,
) -> Result<MatchPage, WebError> {
    let is_narrow = !asked.query.q.trim().is_empty();
    let only = if is_narrow || asked.query.has_filter() {
        let search = asked.query.without_place().search(SEARCHED, context.now())?;
        Some(catalog.search(search).await?.ids().into_iter().collect())
    } else {
        None
    };
    let among = PoolFilter { only, ..PoolFilter::default() };
    let best = best(context, pool, id, person, among).await?;
    let order = if is_narrow {
        best.iter().map(|own| (own.id, SpreadPlace::Score)).collect()
    } else {
        spread_for(context, id, &best).await?
    };
    if asked.is_learning {
        return Ok(learning(context, id, person, order, asked).await?);
    }
    let page: Vec<(Uuid, SpreadPlace)> =
        order.iter().skip(asked.start).take(asked.limit).copied().collect();
    let end = asked.start + page.len();
    Ok(MatchPage {
        items: matched(context, id, person, &page).await?,
        total: order.len(),
        next: (end < order.len()).then(|| format!("after-{end}")),
    })
}

/// Returns at most `most` opportunities to propose to a person among some, in the order of their day. Those that they
/// dismissed are left out.
///
/// # Errors
/// When the database fails.
pub(crate) async fn proposed(
    context: &Context,
    pool: &Pool,
    id: UserId,
    person: &Person,
    among: PoolFilter,
    most: usize,
) -> Result<Vec<MatchedOpportunity>, DbError> {
    let best = best(context, pool, id, person, among).await?;
    let mut order = spread_for(context, id, &best).await?;
    order.truncate(most);
    matched(context, id, person, &order).await
}

/// Returns the best opportunities for a person among some, without those that they dismissed.
async fn best(
    context: &Context,
    pool: &Pool,
    id: UserId,
    person: &Person,
    mut among: PoolFilter,
) -> Result<Vec<FittingIssue>, DbError> {
    let dismissed = reads::dismissed(&context.db, id).await?;
    among.without.extend(dismissed);
    pool.best(person.clone(), among, MOST, context.now()).await
}

/// Returns the order of the best opportunities for a person on this day.
async fn spread_for(
    context: &Context,
    id: UserId,
    best: &[FittingIssue],
) -> Result<Vec<(Uuid, SpreadPlace)>, DbError> {
    let attention = reads::attention(&context.db, best.iter().map(|own| own.id)).await?;
    let scored = best.iter().map(|own| Scored {
        id: own.id,
        score: own.fit,
        views: attention.get(&own.id).copied().unwrap_or_default(),
    });
    let scored: Vec<Scored> = scored.collect();
    let order = spread(&scored, seed(id.0, context.now().date_naive()));
    let order = order.into_iter();
    Ok(order.map(|(index, place)| (scored[index].id, place)).collect())
}

/// Returns the opportunities that teach a person one new skill.
async fn learning(
    context: &Context,
    id: UserId,
    person: &Person,
    order: Vec<(Uuid, SpreadPlace)>,
    asked: &MatchRequest,
) -> Result<MatchPage, DbError> {
    let mut all = matched(context, id, person, &order).await?;
    all.retain(|own| own.teaches.is_some());
    let total = all.len();
    let items: Vec<MatchedOpportunity> =
        all.into_iter().skip(asked.start).take(asked.limit).collect();
    let end = asked.start + items.len();
    Ok(MatchPage { items, total, next: (end < total).then(|| format!("after-{end}")) })
}

/// Reads opportunities, and matches them with a person.
async fn matched(
    context: &Context,
    id: UserId,
    person: &Person,
    of: &[(Uuid, SpreadPlace)],
) -> Result<Vec<MatchedOpportunity>, DbError> {
    let ids: Vec<Uuid> = of.iter().map(|(id, _)| *id).collect();
    let views = reads::opportunities(&context.db, &ids).await?;
    let stated = reads::stated(&context.db, id, ids).await?;
    let places: BTreeMap<Uuid, SpreadPlace> = of.iter().copied().collect();
    let now = context.now();
    let matched = views.into_iter().map(|view| {
        let place = places.get(&view.id).copied();
        let own = stated.get(&view.id).copied().unwrap_or_default();
        let mut matched = one(person, view, own, now);
        matched.is_less_visited = place == Some(SpreadPlace::LessVisited);
        matched
    });
    Ok(matched.collect())
}

/// Matches one opportunity with a person.
pub(crate) fn one(
    person: &Person,
    opportunity: OpportunityView,
    stated: StatedFeedback,
    now: Timestamp,
) -> MatchedOpportunity {
    let compared = opportunity.compared();
    MatchedOpportunity {
        fit: fit(person, &compared, now),
        teaches: learning_pick(person, &compared).map(|pick| pick.words()),
        stated,
        is_less_visited: false,
        opportunity,
    }
}
