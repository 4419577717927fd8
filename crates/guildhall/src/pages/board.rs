//! A part of a board as tables show it.

use kernel::{Points, Problem, ProblemKind};
use platform::{Context, web::WebError};
use recognition::api::{BoardItem, BoardPage, PageQuery, board_page, rank};
use serde::Deserialize;

use super::format::{Number, segment, top};

/// Rows of a whole page.
const ROWS: i64 = 25;

/// What may follow a board's address. A form left blank asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct BoardQuery {
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    rank: String,
}

impl BoardQuery {
    fn page(&self) -> Result<PageQuery, Problem> {
        let rank = self.rank.trim().replace(',', "");
        let wrong = |_| {
            let detail = "rank must be a whole number of 1 or more.";
            Problem::new(ProblemKind::Malformed, "BAD_RANK", detail)
        };
        Ok(PageQuery {
            limit: Some(ROWS),
            cursor: (!self.cursor.is_empty()).then(|| self.cursor.clone()),
            rank: if rank.is_empty() {
                None
            } else {
                Some(rank.parse().map_err(wrong)?)
            },
        })
    }

    fn is_top(&self) -> bool {
        self.cursor.is_empty() && self.rank.trim().is_empty()
    }
}

/// A part of a board.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Board {
    /// In board order.
    pub(super) rows: Vec<Row>,
    /// People on the whole board.
    pub(super) people: Number,
    /// Where it goes on, for `cursor`.
    pub(super) next: Option<String>,
    /// A rank so far above that the part before this one begins there.
    pub(super) earlier: Option<i64>,
    /// Whether it begins at the top.
    pub(super) is_top: bool,
}

/// One person's row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) rank: i64,
    pub(super) is_tied: bool,
    /// Empty when the person is gone: the row keeps its number.
    pub(super) login: String,
    pub(super) address: String,
    pub(super) initials: String,
    pub(super) top: String,
    pub(super) points: Number,
    /// Points missing to the next better rank; absent at the top.
    pub(super) to_next: Option<Number>,
}

/// The first `limit` rows of a board.
pub(super) async fn first(context: &Context, key: &str, limit: i64) -> Result<Board, WebError> {
    let query = PageQuery {
        limit: Some(limit),
        ..PageQuery::default()
    };
    let page = board_page(context, key, &query).await?;
    Ok(Board::of(page, None, true))
}

/// The part of a board that is asked for.
pub(super) async fn part(
    context: &Context,
    key: &str,
    query: &BoardQuery,
) -> Result<Board, WebError> {
    let page = board_page(context, key, &query.page()?).await?;
    let missing = match page.items.first() {
        Some(first) if first.rank > 1 => rank(context, key, &first.login)
            .await
            .ok()
            .and_then(|found| found.standing.points_to_next_rank),
        _ => None,
    };
    Ok(Board::of(page, missing, query.is_top()))
}

impl Board {
    /// `missing`: points that the first row lacks to the next better rank.
    fn of(page: BoardPage, missing: Option<Points>, is_top: bool) -> Self {
        let mut above: Option<(Points, Option<Points>)> = None;
        let mut rows = Vec::with_capacity(page.items.len());
        for item in &page.items {
            let to_next = match above {
                None => missing,
                Some((points, to_next)) if points == item.points => to_next,
                Some((points, _)) => Some(points - item.points),
            };
            above = Some((item.points, to_next));
            rows.push(Row::of(item, to_next));
        }
        let earlier = rows.first().map(|row| row.rank).filter(|rank| *rank > 1);
        Self {
            rows,
            people: Number(page.people),
            next: page.next_cursor,
            earlier: earlier.map(|rank| (rank - ROWS).max(1)),
            is_top,
        }
    }

    /// "Ranks 26 to 48 of 1,906 people".
    pub(super) fn span(&self) -> String {
        let people = self.people.of("person", "people");
        match (self.rows.first(), self.rows.last()) {
            (Some(first), Some(last)) if first.rank != last.rank => {
                format!(
                    "Ranks {} to {} of {people}",
                    Number(first.rank),
                    Number(last.rank)
                )
            }
            (Some(first), _) => format!("Rank {} of {people}", Number(first.rank)),
            _ => people,
        }
    }
}

impl Row {
    fn of(item: &BoardItem, to_next: Option<Points>) -> Self {
        Self {
            rank: item.rank,
            is_tied: item.sharing > 1,
            address: format!("/people/{}", segment(&item.login)),
            initials: initials(&item.login),
            login: item.login.clone(),
            top: top(item.percentile),
            points: Number(item.points),
            to_next: to_next.map(Number),
        }
    }

    /// The rank with its thousands.
    pub(super) fn place(&self) -> Number {
        Number(self.rank)
    }

    /// Whether it stands among the first three ranks.
    pub(super) fn is_first(&self) -> bool {
        self.rank <= 3
    }
}

/// Two letters for the shield beside a name.
fn initials(login: &str) -> String {
    let words = login.split(|letter: char| !letter.is_alphanumeric());
    let mut letters: String = words
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect();
    if letters.chars().count() == 1 {
        letters = login
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(2)
            .collect();
    }
    letters.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(rank: i64, points: Points, sharing: i64) -> BoardItem {
        BoardItem {
            rank,
            login: format!("octo-{rank}"),
            points,
            sharing,
            reached_at: "2026-10-02T08:00:00Z".parse().expect("an instant"),
            percentile: 50.0,
        }
    }

    fn board(items: Vec<BoardItem>, missing: Option<Points>) -> Board {
        let page = BoardPage {
            items,
            next_cursor: None,
            people: 1_906,
        };
        Board::of(page, missing, true)
    }

    #[test]
    fn what_is_missing_to_the_next_rank_is_counted_over_ties() {
        let items = vec![
            item(1, 90, 1),
            item(2, 70, 2),
            item(2, 70, 2),
            item(4, 69, 1),
        ];
        let board = board(items, None);
        let missing: Vec<_> = board
            .rows
            .iter()
            .map(|row| row.to_next.map(|n| n.0))
            .collect();
        assert_eq!(missing, [None, Some(20), Some(20), Some(1)]);
        let tied: Vec<_> = board.rows.iter().map(|row| row.is_tied).collect();
        assert_eq!(tied, [false, true, true, false]);
        assert_eq!(board.span(), "Ranks 1 to 4 of 1,906 people");
        assert_eq!(board.earlier, None);
    }

    #[test]
    fn a_later_part_begins_with_what_its_first_row_lacks() {
        let board = board(
            vec![item(60, 8, 2), item(60, 8, 2), item(62, 3, 1)],
            Some(4),
        );
        let missing: Vec<_> = board
            .rows
            .iter()
            .map(|row| row.to_next.map(|n| n.0))
            .collect();
        assert_eq!(missing, [Some(4), Some(4), Some(5)]);
        assert_eq!(board.earlier, Some(35));
    }

    #[test]
    fn a_blank_form_asks_for_the_top() {
        let query = |rank: &str| BoardQuery {
            rank: rank.to_owned(),
            ..BoardQuery::default()
        };
        assert_eq!(query(" ").page().expect("the top").rank, None);
        assert_eq!(query("1,204").page().expect("a rank").rank, Some(1_204));
        assert_eq!(query("first").page().expect_err("no rank").code, "BAD_RANK");
    }

    #[test]
    fn initials_are_two_letters() {
        assert_eq!(
            ["octo-cat", "octocat", "9lives", "x"].map(initials),
            ["OC", "OC", "9L", "X"]
        );
    }
}
