//! Rows of boards as CSV.

use ui::csv::Cell;

use super::{LeaderboardRow, change::RankChange};

impl LeaderboardRow {
    /// The column names of [`LeaderboardRow::cells`].
    pub(super) const HEAD: [&'static str; 9] = [
        "rank",
        "tied",
        "person",
        "percentile",
        "to_next_rank",
        "points",
        "merged_pull_requests",
        "change_since_previous_month",
        "state",
    ];

    /// Returns the row as CSV cells, with the state of its board.
    pub(super) fn cells(self, state: &str) -> [Cell; 9] {
        let change = self.change_cell();
        let to_next = self.to_next.map_or(Cell::from(""), |missing| missing.0.into());
        [
            self.rank.into(),
            if self.is_tied { "tied" } else { "" }.into(),
            self.who.login.into(),
            self.top.replace('\u{a0}', " ").into(),
            to_next,
            self.points.0.into(),
            self.merged.0.into(),
            change,
            state.into(),
        ]
    }

    /// Returns the change as a CSV cell, which is empty for a person who is new.
    fn change_cell(&self) -> Cell {
        let difference = self.change.and_then(RankChange::difference);
        difference.map_or(Cell::from(""), Cell::from)
    }
}
