//! The viewer's rank on a leaderboard, which the cached page has a slot for.

use std::ops::Range;

use askama::Template;
use identity::{model::UserId, rules::has_profile};
use kernel::Month;
use platform::{
    Context,
    db::DbError,
    module::{Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{
    Who,
    format::{Instant, Number, ordinal, segment, top},
    html,
};

use super::{Board, LeaderboardRow, change::RankChange, progress::Goal, rank_history::RankHistory};
use crate::{
    Programmes,
    access::Leaderboard,
    reads::{self, Start},
};

/// The panel of leaderboards.
pub(super) const PANEL: Panel = Panel {
    place: PanelPlace::OwnPart,
    order: 10,
    render: |context, request| Box::pin(own_rank(context, request)),
};

#[derive(Template)]
#[template(path = "own_rank.html")]
struct OwnRankPanel {
    rank: Option<OwnRank>,
    /// True if the viewer opted out.
    is_unlisted: bool,
    /// The points of the viewer that no leaderboard has yet.
    coming: Option<Coming>,
    /// The people near the viewer, with them.
    near: Vec<LeaderboardRow>,
    history: Option<RankHistory>,
    /// The link to the people near the viewer.
    around: String,
    /// The path of the viewer's own page.
    page: String,
}

struct Coming {
    points: Number,
    /// When the first of them are no longer pending.
    from: Option<Instant>,
}

struct OwnRank {
    /// The rank as an ordinal.
    place: String,
    is_tied: bool,
    people: Number,
    top: String,
    goal: Option<Goal>,
    /// The change since the month before, on the leaderboard of a month.
    change: Option<RankChange>,
}

/// The number of places that are read around the viewer's own, and the least that are shown of them.
const NEAR: i64 = 7;
const SHOWN: usize = 3;

/// The number of months in the history.
const MONTHS: usize = 6;

async fn own_rank(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let programmes = request.extensions.get().copied().unwrap_or_default();
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let Some(leaderboard) = shown(context, programmes, &request.path).await? else {
        return Ok(None);
    };
    let source = request.parameter("source").trim();
    let leaderboard = leaderboard.with_source(context, programmes, source).await?;
    let id = UserId::from(person.id);
    let found = reads::rank_with_neighbors(&context.db, &leaderboard.key(), id).await?;
    let ranks = match found {
        Some(_) => months(context, &leaderboard, id).await?,
        None => Vec::new(),
    };
    let near = match &found {
        Some(found) => near(context, programmes, &leaderboard, id, found.above).await?,
        None => Near::default(),
    };
    let rank = found.as_ref().map(|found| OwnRank {
        change: change(&leaderboard, found.position.rank, &ranks),
        place: ordinal(found.position.rank),
        is_tied: found.position.tied_people > 1,
        people: Number(found.position.people),
        top: top(found.position.rank, found.position.people),
        goal: Goal::of(found, near.ahead.as_ref().filter(|who| has_profile(&who.login))),
    });
    let coming = match rank {
        Some(_) => Coming::read(context, programmes, &leaderboard, id).await?,
        None => None,
    };
    let panel = OwnRankPanel {
        coming,
        near: near.rows,
        history: RankHistory::of(&ranks),
        page: format!("/people/{}", segment(&person.login)),
        around: leaderboard.part(&format!("around={}", segment(&person.login))),
        is_unlisted: rank.is_none() && reads::has_opted_out(&context.db, id).await?,
        rank,
    };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}

impl Coming {
    /// Reads the pending points that a leaderboard of all time and of everyone will count; `None` without any. Those of other
    /// leaderboards depend on the project and on the month.
    async fn read(
        context: &Context,
        programmes: Programmes,
        leaderboard: &Leaderboard,
        person: UserId,
    ) -> Result<Option<Self>, DbError> {
        if leaderboard.named.is_some() || leaderboard.month.is_some() {
            return Ok(None);
        }
        let is_counted = |name| leaderboard.source.is_none_or(|source| source.name == name);
        let mut found = Vec::new();
        for programme in programmes.iter().filter(|programme| is_counted(programme.name())) {
            found.extend(programme.pending(context, person).await?);
        }
        let from = found.iter().filter_map(|pending| pending.until).min();
        Ok((!found.is_empty()).then(|| Self {
            points: Number(found.iter().map(|pending| pending.points).sum()),
            from: from.map(Instant),
        }))
    }
}

/// The people near a person, with them.
#[derive(Default)]
struct Near {
    rows: Vec<LeaderboardRow>,
    /// The person at the next higher rank, if they are among the rows.
    ahead: Option<Who>,
}

/// Reads the people near a person: from the one at the next higher rank, unless many share the person's own, to the one below.
async fn near(
    context: &Context,
    programmes: Programmes,
    leaderboard: &Leaderboard,
    person: UserId,
    above: Option<UserId>,
) -> Result<Near, WebError> {
    let key = leaderboard.key();
    let mut page = reads::page(&context.db, &key, Start::Around(person), NEAR).await?;
    let people: Vec<UserId> = page.rows.iter().map(|row| row.user_id).collect();
    page.rows = page.rows[around(&people, person, above)].to_vec();
    let place = |id: UserId| page.rows.iter().position(|row| row.user_id == id);
    let (own, ahead) = (place(person), above.and_then(place));
    let mut board = Board::near(context, programmes, leaderboard, &page).await?;
    board.add_parts(context, leaderboard, &page).await?;
    if let Some(own) = own {
        board.rows[own].is_me = true;
    }
    let ahead = ahead.map(|place| board.rows[place].who.clone());
    Ok(Near { rows: board.rows, ahead })
}

/// Returns the rows that are shown of those around a person: from the one above, or the row before, to the row after, and more at
/// the end of the leaderboard.
fn around(people: &[UserId], person: UserId, above: Option<UserId>) -> Range<usize> {
    let own = people.iter().position(|id| *id == person).unwrap_or(0);
    let end = (own + 2).max(SHOWN).min(people.len());
    let before = people[..own.min(people.len())].iter().position(|id| Some(*id) == above);
    let start = before.unwrap_or(own.saturating_sub(1));
    start.min(end.saturating_sub(SHOWN))..end
}

/// Reads a person's ranks in the months up to that of a leaderboard, earliest first. Months without the person are absent.
async fn months(
    context: &Context,
    leaderboard: &Leaderboard,
    person: UserId,
) -> Result<Vec<(Month, i64)>, WebError> {
    if !leaderboard.has_months() {
        return Ok(Vec::new());
    }
    let last = leaderboard.month.unwrap_or_else(|| Month::of(context.now()));
    let before = std::iter::successors(Some(last), |month| Some(month.previous()));
    let mut months: Vec<Month> = before.take(MONTHS).collect();
    months.reverse();
    let keys: Vec<String> = months.iter().map(|month| leaderboard.at(Some(*month)).key()).collect();
    let found = reads::ranks_on_boards(&context.db, &keys, person).await?;
    let rank = |(month, key): (&Month, &String)| Some((*month, found.get(key)?.0));
    Ok(months.iter().zip(&keys).filter_map(rank).collect())
}

/// Returns the change of a rank since the month before; absent on a leaderboard of all time, and if the person was on none
/// before.
fn change(leaderboard: &Leaderboard, rank: i64, ranks: &[(Month, i64)]) -> Option<RankChange> {
    let before = leaderboard.month?.previous();
    let (_, before) = ranks.iter().find(|(month, _)| *month == before)?;
    Some(RankChange::of(rank, Some(*before)))
}

/// Finds the leaderboard of a page by its path.
async fn shown(
    context: &Context,
    programmes: Programmes,
    path: &str,
) -> Result<Option<Leaderboard>, WebError> {
    let Some(rest) = path.strip_prefix("/leaderboards") else {
        return Ok(None);
    };
    let parts: Vec<&str> = rest.split('/').skip(1).collect();
    let (board, month) = match parts[..] {
        [ref board @ .., "months", month] => match month.parse() {
            Ok(month) => (board, Some(month)),
            Err(_) => return Ok(None),
        },
        ref board => (board, None),
    };
    let named = match *board {
        [] => None,
        [many, slug] => {
            let Some(family) = programmes
                .boards()
                .find(|family| family.many == many && (month.is_none() || family.has_months))
            else {
                return Ok(None);
            };
            let Some(board) = (family.find)(context, slug).await? else {
                return Ok(None);
            };
            Some((family, board))
        }
        _ => return Ok(None),
    };
    Ok(Some(Leaderboard { named, month, ..Leaderboard::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_ahead_is_among_the_rows_near_a_person() {
        let id = |place: u128| UserId::new(uuid::Uuid::from_u128(place));
        for (all, own, above, shown) in [
            // Alone on a rank, in the middle and at both ends.
            (7, 3, Some(2), 2..5),
            (4, 0, None, 0..3),
            (4, 3, Some(2), 1..4),
            (1, 0, None, 0..1),
            (2, 1, Some(0), 0..2),
            // Others share the rank.
            (7, 3, Some(1), 1..5),
            (7, 3, Some(0), 0..5),
            // More people share it than were read.
            (7, 3, Some(9), 2..5),
            (0, 0, None, 0..0),
        ] {
            let people: Vec<UserId> = (0..all).map(id).collect();
            assert_eq!(around(&people, id(own), above.map(id)), shown, "{own} of {all}");
        }
    }
}
