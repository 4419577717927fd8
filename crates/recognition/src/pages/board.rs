//! Tables of boards.

use std::collections::HashMap;

use identity::{model::UserId, reads::similar_logins, rules::has_profile};
use kernel::{Points, Problem, ProblemKind};
use platform::{Context, db::DbError, web::WebError};
use serde::Deserialize;
use ui::{
    Who,
    format::{Number, segment, tame, top},
};

use super::{
    change::RankChange,
    deeds::{PointPart, share},
};
use crate::{
    Programmes,
    access::Leaderboard,
    reads::{self, BoardState, Cursor, Page, Start},
};

/// The number of rows per page.
pub(super) const ROWS: i64 = 25;
/// The number of rows of the page that begins a leaderboard.
pub(super) const FIRST_ROWS: i64 = 10;
/// The number of these rows that a phone shows at once; the others follow on demand.
const ON_PHONES: usize = 5;
/// The maximum number of suggestions for a login that no one has.
const SUGGESTIONS: usize = 5;

/// The query string of a leaderboard. Blank fields are ignored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BoardQuery {
    cursor: String,
    rank: String,
    /// The login to center the page on.
    pub(super) around: String,
    /// The programme whose points count, or `all`.
    pub(super) source: String,
    /// The leaderboard to show instead, such as `projects/lantern`.
    pub(super) board: String,
}

impl BoardQuery {
    pub(super) fn start(&self) -> Result<Start, Problem> {
        let rank = self.rank.trim().replace(',', "");
        let wrong = |_| {
            let detail = "The rank must be a whole number of 1 or more.";
            Problem::new(ProblemKind::Malformed, "BAD_RANK", detail)
        };
        let rank = match rank.as_str() {
            "" => None,
            rank => Some(rank.parse().map_err(wrong)?),
        };
        let cursor = Some(self.cursor.as_str()).filter(|cursor| !cursor.is_empty());
        Start::read(cursor, rank)
    }

    fn is_top(&self) -> bool {
        self.cursor.is_empty() && self.rank.trim().is_empty() && self.login().is_none()
    }

    /// Returns the query string of the current page.
    pub(super) fn as_asked(&self) -> String {
        let asked = [("cursor", &self.cursor), ("rank", &self.rank), ("around", &self.around)];
        let given = asked.iter().find(|(_, value)| !value.trim().is_empty());
        let source = Some(("source", &self.source)).filter(|(_, name)| !name.is_empty());
        let given = given.map(|(name, value)| (*name, *value));
        let given = given.into_iter().chain(source);
        let asked: Vec<String> =
            given.map(|(name, value)| format!("{name}={}", segment(value))).collect();
        if asked.is_empty() { String::new() } else { format!("?{}", asked.join("&")) }
    }

    /// Returns the login to find.
    fn login(&self) -> Option<&str> {
        let login = self.around.trim().trim_start_matches('@');
        (!login.is_empty()).then_some(login)
    }
}

/// A part of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The rows, in board order.
    pub rows: Vec<LeaderboardRow>,
    /// The number of people on the board, on all pages.
    pub people: Number,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The rank that the previous page starts with.
    pub earlier: Option<i64>,
    /// True on the first page.
    pub is_top: bool,
    pub state: BoardState,
    /// The heading of the people, and of what they did.
    pub heading: &'static str,
    /// The heading of the bars of points; empty if the leaderboard does not count by programme.
    pub bars: String,
    /// The link to the next page below the rows; absent where the rows are not the whole page.
    pub more: Option<String>,
}

/// A part of a leaderboard that was asked for.
pub(super) struct FoundBoard {
    pub(super) board: Board,
    /// The reason why the login that was searched for is not shown.
    pub(super) missing: Option<Missing>,
}

/// A login that is not on a leaderboard.
pub(super) struct Missing {
    pub(super) reason: String,
    /// Similar logins.
    pub(super) similar: Vec<String>,
}

/// A person's row.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaderboardRow {
    /// The rank, which people with equal points share.
    pub rank: i64,
    /// True if others share the rank.
    pub is_tied: bool,
    /// The person, who may be gone.
    pub who: Who,
    /// True for the person who was searched for.
    pub is_me: bool,
    /// The percentile, such as "top 5%".
    pub top: String,
    pub points: Number,
    /// The number of merged pull requests that earned points.
    pub merged: Number,
    /// The points needed to reach the next rank; absent at the top.
    pub to_next: Option<Number>,
    /// The change since the previous month; absent where there is nothing to compare.
    pub change: Option<RankChange>,
    /// The deeds behind the points, in lines; empty if they are not shown.
    pub did: String,
    /// The points in percent of the highest of the page, as the width of a bar.
    pub share: String,
    /// The points by programme, of a leaderboard that counts more than one.
    pub parts: Vec<PointPart>,
}

impl Board {
    /// Reads the first `limit` rows of a board.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn first(context: &Context, key: &str, limit: i64) -> Result<Self, DbError> {
        let page = reads::page(&context.db, key, Start::Top, limit).await?;
        let people = reads::shown_people(&context.db, &page).await?;
        Ok(Self::of(&page, &people, true))
    }

    /// Reads the part of a leaderboard that a query selects: without a place, the first `top` rows. If the login of the query is
    /// not on it, they are returned with the reason.
    pub(super) async fn asked(
        context: &Context,
        programmes: Programmes,
        leaderboard: &Leaderboard,
        query: &BoardQuery,
        top: i64,
    ) -> Result<FoundBoard, WebError> {
        let key = leaderboard.key();
        let mut missing = None;
        if let Some(login) = query.login() {
            match Self::around(context, programmes, leaderboard, login).await? {
                Ok(board) => {
                    return Ok(FoundBoard { board, missing: None });
                }
                Err(reason) => missing = Some(reason),
            }
        }
        let (start, is_top) = match missing {
            Some(_) => (Start::Top, true),
            None => (query.start()?, query.is_top()),
        };
        let rows = if is_top { top } else { ROWS };
        let page = reads::page(&context.db, &key, start, rows).await?;
        let board = Self::read(context, programmes, leaderboard, &page, is_top).await?;
        Ok(FoundBoard { board, missing })
    }

    /// Reads what a page of a leaderboard shows beside its rows.
    pub(super) async fn read(
        context: &Context,
        programmes: Programmes,
        leaderboard: &Leaderboard,
        page: &Page,
        is_top: bool,
    ) -> Result<Self, DbError> {
        let people = reads::shown_people(&context.db, page).await?;
        let mut board = Self::of(page, &people, is_top);
        board.add_changes(context, leaderboard, page).await?;
        board.add_deeds(context, programmes, leaderboard, page).await?;
        board.add_parts(context, leaderboard, page).await?;
        Ok(board)
    }

    /// Reads a part of a board centered on a person, or says why the person is not on it.
    async fn around(
        context: &Context,
        programmes: Programmes,
        leaderboard: &Leaderboard,
        login: &str,
    ) -> Result<Result<Self, Missing>, DbError> {
        let Some(person) = identity::reads::person(&context.db, login).await? else {
            return Ok(Err(Missing {
                reason: format!("Unknown login '{}'.", tame(login)),
                similar: similar_logins(&context.db, login, SUGGESTIONS).await?,
            }));
        };
        let id = person.id.into();
        let page = reads::page(&context.db, &leaderboard.key(), Start::Around(id), ROWS).await?;
        let Some(place) = page.rows.iter().position(|row| row.user_id == id) else {
            return Ok(Err(Missing {
                reason: reads::absence(&context.db, id, &person.login).await?,
                similar: Vec::new(),
            }));
        };
        let mut board = Self::read(context, programmes, leaderboard, &page, false).await?;
        board.rows[place].is_me = true;
        Ok(Ok(board))
    }

    /// Creates the view of a page with its people.
    #[must_use]
    pub fn of(page: &Page, people: &HashMap<UserId, Who>, is_top: bool) -> Self {
        // The points of the next higher rank, and those of the previous row.
        let (mut better, mut before) = (page.better, None);
        let highest = page.rows.iter().map(|row| row.points).max().unwrap_or(0);
        let mut rows = Vec::with_capacity(page.rows.len());
        for row in &page.rows {
            if before.is_some_and(|points| points != row.points) {
                better = before;
            }
            before = Some(row.points);
            let who = people.get(&row.user_id).filter(|who| has_profile(&who.login));
            let who = who.cloned().unwrap_or_default();
            let to_next = better.map(|better| better - row.points);
            let mut shown = LeaderboardRow::of(page, row, who, to_next);
            shown.share = share(row.points, highest);
            rows.push(shown);
        }
        let earlier = rows.first().map(|row| row.rank).filter(|rank| *rank > 1);
        Self {
            rows,
            people: Number(page.people),
            next: page.next.as_ref().map(Cursor::to_string),
            earlier: earlier.map(|rank| (rank - ROWS).max(1)),
            is_top,
            state: page.state.clone(),
            heading: "Person",
            bars: String::new(),
            more: None,
        }
    }

    /// Adds the changes since the month before for the people of `page`. If none of them had points then, there is nothing to
    /// compare.
    async fn add_changes(
        &mut self,
        context: &Context,
        leaderboard: &Leaderboard,
        page: &Page,
    ) -> Result<(), DbError> {
        let people = page.rows.iter().map(|row| row.user_id).collect();
        let before = leaderboard.ranks_before(&context.db, people).await?;
        if before.is_empty() {
            return Ok(());
        }
        for (row, found) in self.rows.iter_mut().zip(&page.rows) {
            row.change = Some(RankChange::of(found.rank, before.get(&found.user_id).copied()));
        }
        Ok(())
    }

    /// Returns true if the rows have changes since the previous month.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.rows.iter().any(|row| row.change.is_some())
    }

    /// Returns the number of columns of the table.
    #[must_use]
    pub fn columns(&self) -> usize {
        5 + usize::from(self.has_changes())
    }

    /// Returns whether a phone shows the row at a place, counted from 1, on demand only. It folds no single row.
    #[must_use]
    pub fn folds(&self, place: usize) -> bool {
        self.is_top && self.rows.len() > ON_PHONES + 1 && place > ON_PHONES
    }

    /// Returns the label of the rows that a phone shows on demand, such as "Show places 6 to 10 above".
    #[must_use]
    pub fn folded_places(&self) -> String {
        format!("Show places {} to {} above", ON_PHONES + 1, self.rows.len())
    }

    /// Returns the label of the link to the next page: "Show places 11 to 35" below the first one. People who share a rank have
    /// places of their own.
    #[must_use]
    pub fn next_places(&self) -> String {
        let shown = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        let (from, to) = (shown + 1, self.people.0.min(shown + ROWS));
        if !self.is_top || from > to {
            return "Show the next people".to_owned();
        }
        match to - from {
            0 => format!("Show place {}", Number(from)),
            _ => format!("Show places {} to {}", Number(from), Number(to)),
        }
    }

    /// Returns the range of ranks, such as "Ranks 26 to 48 of 1,906 people".
    pub(super) fn span(&self) -> String {
        let people = self.people.of("person", "people");
        match (self.rows.first(), self.rows.last()) {
            (Some(first), Some(last)) if first.rank != last.rank => {
                format!("Ranks {} to {} of {people}", Number(first.rank), Number(last.rank))
            }
            (Some(first), _) => format!("Rank {} of {people}", Number(first.rank)),
            _ => people,
        }
    }
}

impl LeaderboardRow {
    fn of(page: &Page, row: &reads::RankedRow, who: Who, to_next: Option<Points>) -> Self {
        Self {
            rank: row.rank,
            is_tied: row.tied_people > 1,
            is_me: false,
            who,
            top: top(row.rank, page.people),
            points: Number(row.points),
            merged: Number(row.merged),
            to_next: to_next.map(Number),
            change: None,
            did: String::new(),
            share: String::new(),
            parts: Vec::new(),
        }
    }

    /// Returns the rank, formatted with thousands separators.
    #[must_use]
    pub fn place(&self) -> Number {
        Number(self.rank)
    }

    /// Returns what narrow screens show below a person instead of columns: the origins of the points, and the merges unless the
    /// deeds say them.
    #[must_use]
    pub fn in_short(&self) -> String {
        let merged = self.did.is_empty().then(|| self.merged.of("PR", "PRs"));
        let split = Some(self.split(true)).filter(|split| !split.is_empty());
        merged.into_iter().chain(split).collect::<Vec<_>>().join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row((rank, points, tied_people): (i64, Points, i64)) -> reads::RankedRow {
        reads::RankedRow {
            rank,
            user_id: uuid::Uuid::from_u128(rank.unsigned_abs().into()).into(),
            points,
            merged: 1,
            tied_people,
            reached_at: "2026-10-02T08:00:00Z".parse().expect("an instant"),
        }
    }

    fn board(rows: &[(i64, Points, i64)], better: Option<Points>) -> Board {
        let page = Page {
            rows: rows.iter().copied().map(row).collect(),
            next: None,
            people: 1_906,
            better,
            state: BoardState::default(),
        };
        Board::of(&page, &HashMap::new(), true)
    }

    fn missing(board: &Board) -> Vec<Option<i64>> {
        let missing = board.rows.iter().map(|row| row.to_next.map(|n| n.0));
        missing.collect()
    }

    #[test]
    fn tied_people_need_the_same_points_to_the_next_rank() {
        let board = board(&[(1, 90, 1), (2, 70, 2), (2, 70, 2), (4, 69, 1)], None);
        assert_eq!(missing(&board), [None, Some(20), Some(20), Some(1)]);
        let tied: Vec<_> = board.rows.iter().map(|row| row.is_tied).collect();
        assert_eq!(tied, [false, true, true, false]);
        assert_eq!(board.span(), "Ranks 1 to 4 of 1,906 people");
        assert_eq!(board.earlier, None);
    }

    #[test]
    fn the_first_page_names_the_places_of_the_next() {
        for (people, is_top, label) in [
            (1_906, true, "Show places 3 to 27"),
            (12, true, "Show places 3 to 12"),
            (3, true, "Show place 3"),
            (1_906, false, "Show the next people"),
        ] {
            let mut board = board(&[(1, 90, 1), (2, 70, 1)], None);
            (board.people, board.is_top) = (Number(people), is_top);
            assert_eq!(board.next_places(), label);
        }
    }

    #[test]
    fn phones_fold_the_later_rows_of_the_first_page() {
        let rows: Vec<_> = (1..=10).map(|rank| (rank, 100 - rank, 1)).collect();
        for (count, is_top, shown) in [(10, true, 5), (7, true, 5), (6, true, 6), (10, false, 10)] {
            let mut board = board(&rows[..count], None);
            board.is_top = is_top;
            let at_once = (1..=count).filter(|place| !board.folds(*place)).count();
            assert_eq!(at_once, shown, "{count} rows");
        }
        assert_eq!(board(&rows, None).folded_places(), "Show places 6 to 10 above");
    }

    #[test]
    fn narrow_screens_count_merges_that_no_deeds_say() {
        let mut board = board(&[(1, 90, 1)], None);
        assert_eq!(board.rows[0].in_short(), "1 PR");
        board.rows[0].did = "1 merged in Lantern".to_owned();
        assert_eq!(board.rows[0].in_short(), "");
    }

    #[test]
    fn a_later_page_counts_from_the_rank_above_its_first_row() {
        let board = board(&[(60, 8, 2), (60, 8, 2), (62, 3, 1)], Some(12));
        assert_eq!(missing(&board), [Some(4), Some(4), Some(5)]);
        assert_eq!(board.earlier, Some(35));
    }

    #[test]
    fn a_blank_form_selects_the_top() {
        let start = |rank: &str| {
            let query = BoardQuery { rank: rank.to_owned(), ..BoardQuery::default() };
            query.start()
        };
        assert_eq!(start(" ").expect("the top"), Start::Top);
        assert_eq!(start("1,204").expect("a rank"), Start::Rank(1_204));
        assert_eq!(start("first").expect_err("no rank").code, "BAD_RANK");
    }
}
