//! A part of a board as tables show it.

use kernel::{Points, Problem, ProblemKind};
use platform::{Context, web::WebError};
use recognition::{
    api::{BoardItem, BoardPage, PageQuery, board_page, board_page_from},
    reads::Start,
};
use serde::Deserialize;
use ui::{
    csv::Cell,
    format::{Number, initials, segment, tint, top},
};

use crate::api;

/// Rows of a whole page.
const ROWS: i64 = 25;

/// What may follow a board's address. A form left blank asks for nothing.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct BoardQuery {
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    rank: String,
    /// A login: the part in whose middle they stand.
    #[serde(default)]
    pub(super) around: String,
}

impl BoardQuery {
    fn page(&self) -> Result<PageQuery, Problem> {
        let rank = self.rank.trim().replace(',', "");
        let wrong = |_| {
            let detail = "The rank must be a whole number of 1 or more.";
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
        self.cursor.is_empty() && self.rank.trim().is_empty() && self.login().is_none()
    }

    /// As it follows an address: the same part again.
    pub(super) fn as_asked(&self) -> String {
        let asked = [
            ("cursor", &self.cursor),
            ("rank", &self.rank),
            ("around", &self.around),
        ];
        let given = asked.iter().find(|(_, value)| !value.trim().is_empty());
        given.map_or(String::new(), |(name, value)| {
            format!("?{name}={}", segment(value))
        })
    }

    /// Whom it is to be around.
    fn login(&self) -> Option<&str> {
        let login = self.around.trim().trim_start_matches('@');
        (!login.is_empty()).then_some(login)
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
    /// The class of the shield's tint; it means nothing.
    pub(super) tint: &'static str,
    /// Whether this is whom the part is around.
    pub(super) is_me: bool,
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
    Ok(Board::of(page, true))
}

/// The part of a board that is asked for.
pub(super) async fn part(
    context: &Context,
    key: &str,
    query: &BoardQuery,
) -> Result<Board, WebError> {
    let mine = query.login();
    let page = match mine {
        Some(login) => around(context, key, login).await?,
        None => board_page(context, key, &query.page()?).await?,
    };
    let mut board = Board::of(page, query.is_top());
    if let Some(login) = mine {
        for row in &mut board.rows {
            row.is_me = row.login.eq_ignore_ascii_case(login);
        }
    }
    Ok(board)
}

/// The part of a board in whose middle a person stands.
async fn around(context: &Context, key: &str, login: &str) -> Result<BoardPage, WebError> {
    let person = api::person(context, login).await?;
    let start = Start::Around(person.id.into());
    let page = board_page_from(context, key, start, ROWS).await?;
    if page.items.iter().all(|row| row.login != person.login) {
        let detail = format!("{} has no points on this board yet.", person.login);
        return Err(Problem::not_found(detail).into());
    }
    Ok(page)
}

impl Board {
    pub(super) fn of(page: BoardPage, is_top: bool) -> Self {
        // The points of the next better rank, and those of the row before.
        let (mut better, mut before) = (page.better, None);
        let mut rows = Vec::with_capacity(page.items.len());
        for item in &page.items {
            if before.is_some_and(|points| points != item.points) {
                better = before;
            }
            before = Some(item.points);
            rows.push(Row::of(item, better.map(|better| better - item.points)));
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
            tint: tint(&item.login),
            is_me: false,
            login: item.login.clone(),
            top: top(item.percentile),
            points: Number(item.points),
            to_next: to_next.map(Number),
        }
    }

    /// The columns of [`Row::cells`].
    pub(super) const HEAD: [&'static str; 6] = [
        "rank",
        "tied",
        "person",
        "percentile",
        "to_next_rank",
        "points",
    ];

    /// The row as CSV.
    pub(super) fn cells(self) -> [Cell; 6] {
        let to_next = self
            .to_next
            .map_or(Cell::from(""), |missing| missing.0.into());
        [
            self.rank.into(),
            if self.is_tied { "tied" } else { "" }.into(),
            self.login.into(),
            self.top.replace('\u{a0}', " ").into(),
            to_next,
            self.points.0.into(),
        ]
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

    fn board(items: Vec<BoardItem>, better: Option<Points>) -> Board {
        let page = BoardPage {
            items,
            next_cursor: None,
            people: 1_906,
            better,
        };
        Board::of(page, true)
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
            Some(12),
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
}
