//! Texts of the leaderboard pages.

use chrono::TimeDelta;
use kernel::{Month, Timestamp};
use ui::format;

use super::Board;
use crate::{
    access::{ALL_SOURCES, Leaderboard, PointSource},
    model::{BoardFamily, NamedBoard, Span},
};

/// The number of days of which an all-time leaderboard says what people did.
const LATELY: i64 = 30;

/// A link in a list of pages that may include the current page.
pub(super) struct PageChoice {
    pub(super) address: String,
    pub(super) label: String,
    /// The label on narrow screens.
    pub(super) short: String,
    pub(super) is_current: bool,
}

/// A leaderboard to choose.
pub(super) struct BoardChoice {
    /// The family and the slug, such as `projects/lantern`.
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_current: bool,
}

impl PageChoice {
    fn new(address: impl Into<String>, label: impl Into<String>, is_current: bool) -> Self {
        let label = label.into();
        Self { address: address.into(), short: label.clone(), label, is_current }
    }

    fn in_short(self, short: impl Into<String>) -> Self {
        Self { short: short.into(), ..self }
    }
}

impl Leaderboard {
    pub(super) fn address(&self) -> String {
        let named = self.named.as_ref();
        let board = named.map(|(family, board)| path_of(family, &board.slug));
        let month = self.month.map(|month| format!("/months/{month}"));
        ["/leaderboards", &board.unwrap_or_default(), &month.unwrap_or_default()].concat()
    }

    /// Returns the value of the parameter `source` in links to other parts of it; empty for the one that pages have without it.
    pub(super) fn source_value(&self) -> &'static str {
        if self.sources.is_empty() || self.source == self.sources.first().copied() {
            return "";
        }
        self.source.map_or(ALL_SOURCES, |source| source.name)
    }

    /// Returns its address with the source of its points.
    pub(super) fn link(&self) -> String {
        match self.source_value() {
            "" => self.address(),
            source => format!("{}?source={source}", self.address()),
        }
    }

    /// Returns the link to one of its parts, by a parameter such as `rank=26`.
    pub(super) fn part(&self, parameter: &str) -> String {
        match self.source_value() {
            "" => format!("{}?{parameter}", self.address()),
            source => format!("{}?{parameter}&source={source}", self.address()),
        }
    }

    /// Returns the choices of the points of each programme and of all, by the value of `source`; none if there is one programme.
    pub(super) fn sources(&self) -> Vec<BoardChoice> {
        let choice = |source: Option<PointSource>| {
            let of_source = self.of(source);
            let value = of_source.source_value().to_owned();
            let label = source.map_or("everything", |source| source.words);
            let mut rest = label.chars();
            let first = rest.next().map(|first| first.to_ascii_uppercase());
            let label = first.into_iter().chain(rest).collect();
            BoardChoice { value, label, is_current: self.source == source }
        };
        let all = (!self.sources.is_empty()).then_some(None);
        self.sources.iter().copied().map(Some).chain(all).map(choice).collect()
    }

    /// Returns the origins of points that its bars tell apart; none if it counts those of one programme.
    pub(super) fn legend(&self) -> Vec<&'static str> {
        let shown = self.sources.iter().filter(|_| self.source.is_none());
        shown.map(|source| source.words).collect()
    }

    /// Returns the heading of its bars; empty if it does not count by programme.
    pub(super) fn bars(&self) -> String {
        match self.source {
            Some(source) => format!("From {}", source.words),
            None if self.sources.is_empty() => String::new(),
            None => format!("Points from {}", self.legend().join(" + ")),
        }
    }

    /// Returns the points that a person on it has, such as "points from merges".
    pub(super) fn counted(&self) -> String {
        self.source.map_or("points".to_owned(), |source| format!("points from {}", source.words))
    }

    /// Returns the span in which people did what their rows say: the month, or the last thirty days of all time.
    pub(super) fn deeds(&self, now: Timestamp) -> Span {
        match self.month {
            Some(month) => Span::new(month.start(), month.end()),
            None => Span::new(now - TimeDelta::days(LATELY), now),
        }
    }

    /// Returns the links to the month before and the month after, which are not after `now`.
    pub(super) fn neighbors(&self, now: Month) -> (Option<PageChoice>, Option<PageChoice>) {
        let link = |month: Month| {
            PageChoice::new(self.at(Some(month)).link(), format::month(month), false)
        };
        let before = self.month.map(|month| link(month.previous()));
        let after = self.month.map(Month::next).filter(|month| *month <= now).map(link);
        (before, after)
    }

    pub(super) fn heading(&self) -> String {
        match (self.name(), self.month.map(format::month)) {
            (None, None) => "Leaderboard".to_owned(),
            (None, Some(month)) => format!("{month} leaderboard"),
            (Some(name), None) => format!("{name} leaderboard"),
            (Some(name), Some(month)) => format!("{name} leaderboard, {month}"),
        }
    }

    /// Returns the heading of the list of months.
    pub(super) fn months_heading(&self) -> String {
        match self.name() {
            None => "Leaderboards by month".to_owned(),
            Some(name) => format!("{name} leaderboards by month"),
        }
    }

    pub(super) fn introduction(&self) -> String {
        match (self.name(), self.month.map(format::month)) {
            (None, None) => match self.source {
                None => "Everyone with points on this server.".to_owned(),
                Some(source) => format!("All-time points from {}.", source.words),
            },
            (None, Some(month)) => match self.source {
                None => format!("Points earned in {month} (UTC)."),
                Some(source) => format!("Points from {} in {month} (UTC).", source.words),
            },
            (Some(name), None) if self.has_months() => {
                format!("Points earned in {name}, all time.")
            }
            (Some(name), None) => format!("Points earned in {name}."),
            (Some(name), Some(month)) => format!("Points earned in {name} in {month} (UTC)."),
        }
    }

    /// Returns the heading of an empty leaderboard.
    pub(super) fn nothing(&self) -> String {
        match (self.name(), self.month.map(format::month)) {
            (None, None) => "No points yet".to_owned(),
            (None, Some(month)) => format!("No points in {month}"),
            (Some(name), None) => format!("No points in {name} yet"),
            (Some(name), Some(month)) => format!("No points in {name} in {month}"),
        }
    }

    /// Returns whether it has parts for each month.
    pub(super) fn has_months(&self) -> bool {
        let family = self.named.as_ref().map(|(family, _)| family);
        family.is_none_or(|family| family.has_months)
    }

    /// Returns whether its page links to the leaderboards of a family. Those without months are beside all-time ones.
    pub(super) fn offers(&self, family: &BoardFamily) -> bool {
        let own = self.named.as_ref();
        let is_own = own.is_some_and(|(own, _)| own.many == family.many);
        family.has_months || is_own || (own.is_none() && self.month.is_none())
    }

    /// Returns whether it becomes final as a whole, such as that of a season.
    pub(super) fn ends(&self) -> bool {
        let family = self.named.as_ref().map(|(family, _)| family);
        family.is_some_and(|family| family.ends)
    }

    /// Returns whether its ranks become final at some time.
    pub(super) fn becomes_final(&self) -> bool {
        self.month.is_some() || self.ends()
    }

    /// Describes its period, its state and its size, such as "October 2026 · Final · 12 people".
    pub(super) fn period(&self, board: &Board) -> String {
        let month = self.month.map(format::month);
        let state = match (board.state.is_recounting, board.state.final_at) {
            (true, _) => "Being counted anew",
            (_, Some(_)) => "Final",
            _ if self.becomes_final() => "Provisional",
            _ => "All time",
        };
        let people = (board.people.0 > 0).then(|| board.people.of("person", "people"));
        let parts = [month, Some(state.to_owned()), people];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Returns links to all time, this month, the previous month, the month shown if it is older, and the list of
    /// months. A leaderboard without months has none.
    pub(super) fn periods(&self, now: Month) -> Vec<PageChoice> {
        let mut months = vec![now, now.previous()];
        months.extend(self.month.filter(|shown| !months.contains(shown)));
        let month = |month: Month| {
            let is_current = self.month == Some(month);
            // The present month and the one before need no year.
            let short = if month >= now.previous() { "%b" } else { "%b %Y" };
            let choice =
                PageChoice::new(self.at(Some(month)).link(), format::month(month), is_current);
            choice.in_short(month.start().format(short).to_string())
        };
        if !self.has_months() {
            return Vec::new();
        }
        let all_time = self.at(None).address();
        let earlier = format!("{all_time}/months");
        let whole = self.at(None).link();
        let mut periods = vec![PageChoice::new(whole, "All time", self.month.is_none())];
        periods.extend(months.into_iter().map(month));
        periods.push(PageChoice::new(earlier, "Earlier months", false).in_short("Earlier"));
        periods
    }

    /// Returns the path of everyone's leaderboard of the same period, which leads to those of families.
    pub(super) fn everyone(&self) -> String {
        Self { named: None, ..self.clone() }.address()
    }

    /// Returns the path of a leaderboard of a family, in the same period if it has months.
    pub(super) fn address_of(&self, family: &BoardFamily, slug: &str) -> String {
        let month = self.month.filter(|_| family.has_months);
        let month = month.map(|month| format!("/months/{month}"));
        format!("/leaderboards{}{}", path_of(family, slug), month.unwrap_or_default())
    }

    /// Returns the choice of a leaderboard of a family.
    pub(super) fn choice(&self, family: &BoardFamily, board: &NamedBoard) -> BoardChoice {
        let shown = self.named.as_ref();
        BoardChoice {
            value: format!("{}/{}", family.many, board.slug),
            label: board.name.clone(),
            is_current: shown
                .is_some_and(|(own, it)| own.many == family.many && it.slug == board.slug),
        }
    }

    fn name(&self) -> Option<&str> {
        self.board().map(|board| board.name.as_str())
    }
}

fn path_of(family: &BoardFamily, slug: &str) -> String {
    format!("/{}/{}", family.many, format::segment(slug))
}

#[cfg(test)]
mod tests {
    use super::*;

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

    fn labels(leaderboard: &Leaderboard) -> Vec<String> {
        let now = "2026-11".parse().expect("a month");
        let mark = |choice: &PageChoice| if choice.is_current { "*" } else { "" };
        let periods = leaderboard.periods(now);
        let label = |choice: &PageChoice| format!("{}{}", choice.label, mark(choice));
        periods.iter().map(label).collect()
    }

    fn of_month(month: &str) -> Leaderboard {
        Leaderboard::default().at(Some(month.parse().expect("a month")))
    }

    fn lantern() -> NamedBoard {
        NamedBoard {
            key: "team:1".to_owned(),
            slug: "lantern".to_owned(),
            name: "Lantern".to_owned(),
        }
    }

    #[test]
    fn an_older_month_is_added_to_the_periods() {
        for (leaderboard, all_time, october, march) in [
            (Leaderboard::default(), "All time*", "October 2026", None),
            (of_month("2026-10"), "All time", "October 2026*", None),
            (of_month("2026-03"), "All time", "October 2026", Some("March 2026*")),
        ] {
            let before = [all_time, "November 2026", october];
            let expected = before.into_iter().chain(march).chain(["Earlier months"]);
            assert_eq!(labels(&leaderboard), expected.collect::<Vec<_>>());
        }
        let periods = of_month("2026-03").periods("2026-11".parse().expect("a month"));
        let short: Vec<&str> = periods.iter().map(|choice| &*choice.short).collect();
        assert_eq!(short, ["All time", "Nov", "Oct", "Mar 2026", "Earlier"]);
    }

    #[test]
    fn a_board_of_a_programme_has_months() {
        let october = Leaderboard { named: Some((&TEAMS, lantern())), ..of_month("2026-10") };
        assert_eq!(october.address(), "/leaderboards/teams/lantern/months/2026-10");
        assert_eq!(october.heading(), "Lantern leaderboard, October 2026");
        assert_eq!(october.key(), "team:1/month:2026-10");
        assert_eq!(october.at(None).address(), "/leaderboards/teams/lantern");
        assert_eq!(october.at(None).key(), "team:1");
        let periods = october.periods("2026-11".parse().expect("a month"));
        let addresses: Vec<&str> = periods.iter().map(|choice| &*choice.address).collect();
        assert_eq!(
            addresses,
            [
                "/leaderboards/teams/lantern",
                "/leaderboards/teams/lantern/months/2026-11",
                "/leaderboards/teams/lantern/months/2026-10",
                "/leaderboards/teams/lantern/months",
            ]
        );
    }

    #[test]
    fn other_boards_keep_the_period() {
        let october = of_month("2026-10");
        let address = "/leaderboards/teams/lantern/months/2026-10";
        assert_eq!(october.address_of(&TEAMS, "lantern"), address);
        let without = BoardFamily { has_months: false, ..TEAMS };
        assert_eq!(october.address_of(&without, "lantern"), "/leaderboards/teams/lantern");
        let choice = october.choice(&TEAMS, &lantern());
        assert_eq!((&*choice.value, choice.is_current), ("teams/lantern", false));
        let own = Leaderboard { named: Some((&TEAMS, lantern())), ..october };
        assert!(own.choice(&TEAMS, &lantern()).is_current);
        assert_eq!(own.everyone(), "/leaderboards/months/2026-10");
    }
}
