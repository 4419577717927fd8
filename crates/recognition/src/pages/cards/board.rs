//! A card with the first people of a leaderboard.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::Context;
use ui::{PageError, format::Number};

use super::{image, short};
use crate::{
    access::Leaderboard,
    pages::{Board, LeaderboardRow, leaderboard::SelectedLeaderboard},
};

/// The number of people on a card.
const TOP: i64 = 5;
/// The distance from the top of a card to its first row, and the height of a row.
const FIRST: usize = 66;
const HEIGHT: usize = 24;

#[derive(Template)]
#[template(path = "board_card.svg")]
struct Card {
    heading: String,
    /// The period, the state and the number of people.
    period: String,
    community: String,
    rows: Vec<CardRow>,
    /// The text of an empty leaderboard.
    nothing: String,
}

/// A person's row.
struct CardRow {
    /// The distance from the top of the card.
    y: usize,
    /// The rank, with "=" if others share it.
    rank: String,
    name: String,
    points: Number,
}

/// `GET` of `/card.svg` below a leaderboard's page.
pub(in crate::pages) async fn card(
    State(context): State<Context>,
    SelectedLeaderboard(leaderboard): SelectedLeaderboard,
) -> Result<Response, PageError> {
    let leaderboard = leaderboard.of(None);
    let board = Board::first(&context, &leaderboard.key(), TOP).await?;
    image(&Card::of(&leaderboard, &board, &ui::frame::community().name))
}

impl Card {
    fn of(leaderboard: &Leaderboard, board: &Board, community: &str) -> Self {
        let named = leaderboard.named.clone().map(|(family, mut board)| {
            board.name = short(&board.name);
            (family, board)
        });
        let all_time = Leaderboard { named, ..Leaderboard::default() };
        // The heading has the name, which leaves no space for it elsewhere.
        let unnamed = Leaderboard { month: leaderboard.month, ..Leaderboard::default() };
        let rows = board.rows.iter().enumerate();
        Self {
            heading: all_time.heading(),
            period: leaderboard.period(board),
            community: short(community),
            rows: rows.map(|(index, row)| CardRow::of(index, row)).collect(),
            nothing: unnamed.nothing(),
        }
    }
}

impl CardRow {
    fn of(index: usize, row: &LeaderboardRow) -> Self {
        let tie = if row.is_tied { "=" } else { "" };
        Self {
            y: FIRST + index * HEIGHT,
            rank: format!("{tie}{}", row.place()),
            name: match &row.who {
                who if who.is_gone() => "(removed)".to_owned(),
                // Minors are in no preview.
                who if !who.has_page => "(not shown)".to_owned(),
                who => short(who.called()),
            },
            points: row.points,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use kernel::Timestamp;
    use ui::Who;

    use super::*;
    use crate::{
        model::{BoardFamily, NamedBoard},
        reads::{Page, RankedRow},
    };

    const TEAMS: BoardFamily = BoardFamily {
        one: "team",
        many: "teams",
        address: "/teams",
        has_months: true,
        ends: false,
        flag: None,
        find: |_, _| Box::pin(async { Ok(None) }),
        list: |_, _| Box::pin(async { Ok(Vec::new()) }),
    };

    /// Returns the first rows of a board of 12 people; a person without a login is removed.
    fn board(logins: &[&str]) -> Board {
        let id = |index: usize| uuid::Uuid::from_u128(index as u128).into();
        let row = |index| RankedRow {
            rank: 1,
            user_id: id(index),
            points: 1_204,
            merged: 1,
            tied_people: 2,
            reached_at: Timestamp::UNIX_EPOCH,
        };
        let page =
            Page { rows: (0..logins.len()).map(row).collect(), people: 12, ..Page::default() };
        let people = logins.iter().enumerate();
        let people: HashMap<_, _> =
            people.map(|(index, login)| (id(index), Who::of(*login))).collect();
        Board::of(&page, &people, true)
    }

    fn teams(name: &str, month: Option<&str>) -> Leaderboard {
        let named = NamedBoard {
            key: "team:1".to_owned(),
            slug: "lantern".to_owned(),
            name: name.to_owned(),
        };
        Leaderboard {
            named: Some((&TEAMS, named)),
            month: month.map(|month| month.parse().expect("a month")),
            ..Leaderboard::default()
        }
    }

    fn image(leaderboard: &Leaderboard, board: &Board) -> String {
        let card = Card::of(leaderboard, board, "Fenwick <b>& \"Commons\"");
        card.render().expect("an image")
    }

    #[test]
    fn texts_are_escaped_and_cut() {
        let name = format!("</title><script>{}", "x".repeat(60));
        let image = image(&teams(&name, None), &board(&["a<b>&\"c", ""]));
        for text in [
            "&#60;/title&#62;&#60;script&#62;xxxxxxxxxxx… leaderboard</text>",
            "Fenwick &#60;b&#62;&#38; &#34;Commons&#34;</text>",
            "a&#60;b&#62;&#38;&#34;c</text>",
            "(removed)</text>",
            ">=1</text>",
            ">1,204</text>",
            "All time · 12 people</text>",
        ] {
            assert!(image.contains(text), "{text}: {image}");
        }
        for text in ["<script", "<b>", "<a", "href", "url(", "xxxxxxxxxxxx"] {
            assert!(!image.contains(text), "{text}: {image}");
        }
    }

    #[test]
    fn an_empty_month_says_so() {
        let empty = Board::of(&Page::default(), &HashMap::new(), true);
        let image = image(&teams("Lantern", Some("2026-10")), &empty);
        for text in [
            "Lantern leaderboard</text>",
            "October 2026 · Provisional</text>",
            "No points in October 2026</text>",
            "People appear here when they earn points.</text>",
        ] {
            assert!(image.contains(text), "{text}: {image}");
        }
    }

    #[test]
    fn a_final_month_is_marked() {
        let mut board = board(&["wren-oak"]);
        board.state.final_at = Some(Timestamp::UNIX_EPOCH);
        let image = image(&teams("Lantern", Some("2026-10")), &board);
        assert!(image.contains("October 2026 · Final · 12 people"), "{image}");
    }
}
