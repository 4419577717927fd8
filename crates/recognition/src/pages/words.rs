//! Texts of the leaderboard pages.

use kernel::Month;
use ui::format;

use crate::{access::Leaderboard, model::BoardFamily};

/// A link in a list of pages that may include the current page.
pub(super) struct Choice {
    pub(super) address: String,
    pub(super) label: String,
    pub(super) is_current: bool,
}

impl Choice {
    fn new(address: impl Into<String>, label: impl Into<String>, is_current: bool) -> Self {
        Self {
            address: address.into(),
            label: label.into(),
            is_current,
        }
    }
}

impl Leaderboard {
    pub(super) fn address(&self) -> String {
        match self {
            Self::AllTime => "/leaderboards".to_owned(),
            Self::Month(month) => format!("/leaderboards/months/{month}"),
            Self::Named { family, board } => of_family(family, &board.slug),
        }
    }

    pub(super) fn heading(&self) -> String {
        match self {
            Self::AllTime => "Leaderboard".to_owned(),
            Self::Month(month) => format!("Leaderboard, {}", format::month(*month)),
            Self::Named { board, .. } => format!("Leaderboard of {}", board.name),
        }
    }

    pub(super) fn introduction(&self) -> String {
        match self {
            Self::AllTime => "Everyone with points on this server.".to_owned(),
            Self::Month(month) => format!("Points earned in {} (UTC).", format::month(*month)),
            Self::Named { board, .. } => format!("Points earned in {}, all time.", board.name),
        }
    }

    /// Returns the heading of an empty leaderboard.
    pub(super) fn nothing(&self) -> String {
        match self {
            Self::AllTime => "No points yet".to_owned(),
            Self::Month(month) => format!("No points in {}", format::month(*month)),
            Self::Named { board, .. } => format!("No points in {} yet", board.name),
        }
    }

    /// Returns links to all time, this month, the previous month, the month shown if it is older, and
    /// the list of months. Leaderboards of programmes only have all time.
    pub(super) fn periods(&self, now: Month) -> Vec<Choice> {
        if let Self::Named { .. } = self {
            return vec![Choice::new(self.address(), "All time", true)];
        }
        let month = |month: Month| {
            let is_current = matches!(self, Self::Month(shown) if *shown == month);
            Choice::new(
                Self::Month(month).address(),
                format::month(month),
                is_current,
            )
        };
        let is_all_time = matches!(self, Self::AllTime);
        let all_time = Choice::new(Self::AllTime.address(), "All time", is_all_time);
        let mut periods = vec![all_time, month(now), month(now.previous())];
        if let Self::Month(shown) = self
            && periods.iter().all(|period| !period.is_current)
        {
            periods.push(month(*shown));
        }
        periods.push(Choice::new("/leaderboards/months", "Earlier months", false));
        periods
    }

    /// Returns the introduction to the leaderboards of a family.
    pub(super) fn scope(&self, family: &BoardFamily) -> String {
        let BoardFamily { one, many, .. } = family;
        match self {
            Self::AllTime => format!("This leaderboard counts all {many}. Leaderboards by {one}:"),
            Self::Month(_) => {
                format!("This leaderboard counts all {many}. All-time leaderboards by {one}:")
            }
            Self::Named { family: own, .. } if own.many == *many => format!(
                "This leaderboard counts one {one}, all time. Monthly leaderboards count all {many}."
            ),
            Self::Named { .. } => format!("All-time leaderboards by {one}:"),
        }
    }

    /// Returns the link to the leaderboard that counts all of a family. A month's leaderboard has none,
    /// because the link would leave the month.
    pub(super) fn everything(&self, family: &BoardFamily) -> Option<Choice> {
        let address = Self::AllTime.address();
        let is_current = matches!(self, Self::AllTime);
        let choice = Choice::new(address, format!("All {}", family.many), is_current);
        (!matches!(self, Self::Month(_))).then_some(choice)
    }

    /// Returns the link to a leaderboard of a family.
    pub(super) fn choice(&self, family: &BoardFamily, slug: &str, name: String) -> Choice {
        let address = of_family(family, slug);
        let is_current = self.address() == address;
        Choice::new(address, name, is_current)
    }
}

fn of_family(family: &BoardFamily, slug: &str) -> String {
    format!("/leaderboards/{}/{}", family.many, format::segment(slug))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NamedBoard;

    const TEAMS: BoardFamily = BoardFamily {
        one: "team",
        many: "teams",
        address: "/teams",
        find: |_, _| Box::pin(async { Ok(None) }),
        list: |_, _| Box::pin(async { Ok(Vec::new()) }),
    };

    fn labels(leaderboard: &Leaderboard) -> Vec<String> {
        let now = "2026-11".parse().expect("a month");
        let mark = |choice: &Choice| if choice.is_current { "*" } else { "" };
        let periods = leaderboard.periods(now);
        let label = |choice: &Choice| format!("{}{}", choice.label, mark(choice));
        periods.iter().map(label).collect()
    }

    fn of_month(month: &str) -> Leaderboard {
        Leaderboard::Month(month.parse().expect("a month"))
    }

    #[test]
    fn an_older_month_is_added_to_the_periods() {
        assert_eq!(
            labels(&Leaderboard::AllTime),
            [
                "All time*",
                "November 2026",
                "October 2026",
                "Earlier months"
            ]
        );
        assert_eq!(
            labels(&of_month("2026-10")),
            [
                "All time",
                "November 2026",
                "October 2026*",
                "Earlier months"
            ]
        );
        assert_eq!(
            labels(&of_month("2026-03")),
            [
                "All time",
                "November 2026",
                "October 2026",
                "March 2026*",
                "Earlier months"
            ]
        );
    }

    #[test]
    fn a_board_of_a_programme_has_only_all_time() {
        let lantern = Leaderboard::Named {
            family: &TEAMS,
            board: NamedBoard {
                key: "team:1".to_owned(),
                slug: "lantern".to_owned(),
                name: "Lantern".to_owned(),
            },
        };
        assert_eq!(labels(&lantern), ["All time*"]);
        assert_eq!(lantern.address(), "/leaderboards/teams/lantern");
        let everything = lantern.everything(&TEAMS).expect("a choice");
        assert_eq!(everything.label, "All teams");
        assert!(of_month("2026-10").everything(&TEAMS).is_none());
    }
}
