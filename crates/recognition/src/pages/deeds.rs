//! The deeds of the people of a leaderboard, and their points by programme.

use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Month, Points};
use platform::{Context, db::DbError, web::WebError};
use ui::format::Number;

use super::{Board, LeaderboardRow};
use crate::{
    Programmes,
    access::{Leaderboard, PointSource},
    model::Span,
    reads::{self, Page, Start},
};

/// The points of a person from one programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointPart {
    /// The origin of the points, such as "merges".
    pub words: &'static str,
    pub points: Number,
    /// The start and the width of its bar, in percent of the highest points of the page.
    pub start: String,
    pub width: String,
    /// True for the first programme.
    pub is_first: bool,
}

/// The first people of a month, or of all time if no one has points in it.
#[derive(Clone, Debug)]
pub struct FirstPeople {
    pub board: Board,
    /// The month; absent for all time.
    pub month: Option<Month>,
    /// The path of the whole leaderboard.
    pub address: String,
    /// The origin of its points in words, such as "merges"; absent if all points count.
    pub source: Option<&'static str>,
}

impl FirstPeople {
    /// Reads the first `limit` people of the leaderboard that pages show first, with what they did.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(
        context: &Context,
        programmes: Programmes,
        limit: i64,
    ) -> Result<Self, WebError> {
        let everyone = Leaderboard::default().with_source(context, programmes, "").await?;
        let source = everyone.source.map(|source| source.words);
        let month = Month::of(context.now());
        for shown in [everyone.at(Some(month)), everyone.at(None)] {
            let page = reads::page(&context.db, &shown.key(), Start::Top, limit).await?;
            if page.rows.is_empty() && shown.month.is_some() {
                continue;
            }
            let board = Board::near(context, programmes, &shown, &page).await?;
            return Ok(Self { board, month: shown.month, address: shown.link(), source });
        }
        Ok(Self {
            board: Board::of(&Page::default(), &HashMap::new(), true),
            month: None,
            address: everyone.link(),
            source,
        })
    }
}

impl Board {
    /// Reads some rows with what their people did, without changes and percentiles. No heading says that it was lately.
    pub(super) async fn near(
        context: &Context,
        programmes: Programmes,
        leaderboard: &Leaderboard,
        page: &Page,
    ) -> Result<Self, DbError> {
        let people = reads::shown_people(&context.db, page).await?;
        let mut board = Self::of(page, &people, false);
        board.add_deeds(context, programmes, leaderboard, page).await?;
        if leaderboard.month.is_none() {
            for row in board.rows.iter_mut().filter(|row| !row.did.is_empty()) {
                row.did.insert_str(0, "lately: ");
            }
        }
        Ok(board)
    }

    /// Adds what the people of `page` did: in the programme whose points count, or in all that earned points. The leaderboards
    /// of a family say it by their names.
    pub(super) async fn add_deeds(
        &mut self,
        context: &Context,
        programmes: Programmes,
        leaderboard: &Leaderboard,
        page: &Page,
    ) -> Result<(), DbError> {
        let people: Vec<UserId> = page.rows.iter().map(|row| row.user_id).collect();
        if people.is_empty() || leaderboard.named.is_some() {
            return Ok(());
        }
        self.heading = match leaderboard.month {
            Some(_) => "Person, and what for",
            None => "Person, and what for in the last 30 days",
        };
        let within = leaderboard.deeds(context.now());
        let mut did = deeds(context, programmes, leaderboard, &people, within).await?;
        for (row, found) in self.rows.iter_mut().zip(&page.rows) {
            row.did = did.remove(&found.user_id).unwrap_or_default();
        }
        Ok(())
    }

    /// Adds the points by programme to the rows of a leaderboard that counts all of them.
    pub(super) async fn add_parts(
        &mut self,
        context: &Context,
        leaderboard: &Leaderboard,
        page: &Page,
    ) -> Result<(), DbError> {
        if leaderboard.source.is_some() || leaderboard.sources.is_empty() {
            return Ok(());
        }
        let key = |source: &PointSource| source.key(leaderboard.month);
        let keys: Vec<String> = leaderboard.sources.iter().map(key).collect();
        let people = page.rows.iter().map(|row| row.user_id);
        let found = reads::points_on_boards(&context.db, &keys, people).await?;
        let highest = page.rows.iter().map(|row| row.points).max().unwrap_or(0).max(1);
        for (row, ranked) in self.rows.iter_mut().zip(&page.rows) {
            let points =
                |key: &String| found.get(&(ranked.user_id, key.clone())).copied().unwrap_or(0);
            let points: Vec<Points> = keys.iter().map(points).collect();
            row.parts = parts(&leaderboard.sources, &points, highest);
        }
        Ok(())
    }
}

impl LeaderboardRow {
    /// Returns the points of each programme, such as "1,780 points from merges, 1,200 from hackathons", or "all from merges"; without
    /// `first`, only those that are not of the first programme.
    #[must_use]
    pub fn split(&self, first: bool) -> String {
        if let [only] = &self.parts[..] {
            return format!("all from {}", only.words);
        }
        let parts = self.parts.iter().filter(|it| first || !it.is_first);
        let parts = parts.enumerate().map(|(place, it)| match (first, place) {
            (true, 0) => format!("{} from {}", it.points.of("point", "points"), it.words),
            _ => format!("{} from {}", it.points, it.words),
        });
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// Returns what people did, by person, in the programmes that a leaderboard counts. A programme that earned no points is not
/// asked.
async fn deeds(
    context: &Context,
    programmes: Programmes,
    leaderboard: &Leaderboard,
    people: &[UserId],
    within: Span,
) -> Result<HashMap<UserId, String>, DbError> {
    let is_counted = |name: &str| match leaderboard.source {
        Some(source) => source.name == name,
        None if leaderboard.sources.is_empty() => true,
        None => leaderboard.sources.iter().any(|source| source.name == name),
    };
    let mut all: HashMap<UserId, String> = HashMap::new();
    for programme in programmes.iter() {
        if programme.points_from().is_empty() || !is_counted(programme.name()) {
            continue;
        }
        for (person, line) in programme.did(context, people, within).await? {
            let lines = all.entry(person).or_default();
            if !lines.is_empty() {
                lines.push_str("; ");
            }
            lines.push_str(&line);
        }
    }
    Ok(all)
}

/// Lays the points of programmes one after another, in percent of the highest points.
fn parts(sources: &[PointSource], points: &[Points], highest: Points) -> Vec<PointPart> {
    let mut start = 0;
    let mut parts = Vec::new();
    for (place, (source, points)) in sources.iter().zip(points).enumerate() {
        if *points == 0 {
            continue;
        }
        let width = (points.max(&0) * 1_000 / highest).min(1_000 - start);
        parts.push(PointPart {
            words: source.words,
            points: Number(*points),
            start: tenths(start),
            width: tenths(width),
            is_first: place == 0,
        });
        start += width;
    }
    parts
}

/// Returns points in percent of the highest points.
pub(super) fn share(points: Points, highest: Points) -> String {
    tenths((points.max(0).saturating_mul(1_000) / highest.max(1)).min(1_000))
}

fn tenths(value: i64) -> String {
    format!("{}.{}%", value / 10, value % 10)
}

#[cfg(test)]
mod tests {
    use ui::Who;

    use super::*;

    #[test]
    fn points_of_other_programmes_are_said_apart() {
        let part = |words, points, is_first| PointPart {
            words,
            points: Number(points),
            start: String::new(),
            width: String::new(),
            is_first,
        };
        let mut row = LeaderboardRow {
            rank: 1,
            is_tied: false,
            who: Who::default(),
            is_me: false,
            top: String::new(),
            points: Number(90),
            merged: Number(1),
            to_next: None,
            change: None,
            did: String::new(),
            share: String::new(),
            parts: Vec::new(),
        };
        for (parts, words) in [
            (Vec::new(), ""),
            (vec![part("merges", 90, true)], "all from merges"),
            (vec![part("hackathons", 90, false)], "all from hackathons"),
            (vec![part("merges", 60, true), part("hackathons", 30, false)], "30 from hackathons"),
        ] {
            row.parts = parts;
            assert_eq!(row.split(false), words);
        }
    }
}
