//! The points of the person, with what changed and what comes next.

use chrono::NaiveTime;
use identity::model::Viewer;
use kernel::Month;
use platform::{Context, module::PanelFigure, web::WebError};
use ui::{
    charts::{self, Bars},
    format::Number,
};

use crate::pages::{RankAndDays, RankChange, RankView};

/// The points of the person.
pub(super) struct Figures {
    pub(super) total: Number,
    /// The name of the month, and of the one before.
    pub(super) month: String,
    pub(super) last_month: String,
    pub(super) month_points: Number,
    pub(super) rank: Option<RankView>,
    pub(super) month_rank: Option<RankView>,
    /// The change of the rank since the month before; absent if it is the same, or the first one.
    pub(super) change: Option<RankChange>,
    /// True if no leaderboard lists the person.
    pub(super) is_unlisted: bool,
    pub(super) weeks: Bars,
    /// The number of weeks in a row with points, up to this one.
    pub(super) streak: Number,
    /// The next step of the streak.
    pub(super) next: String,
    /// The figures of other modules.
    pub(super) others: Vec<PanelFigure>,
}

impl Figures {
    pub(super) async fn read(context: &Context, viewer: &Viewer) -> Result<Self, WebError> {
        let (month, today) = (Month::of(context.now()), context.now().date_naive());
        let since = charts::first_week(today).and_time(NaiveTime::MIN);
        let own = RankAndDays::read(context, viewer.user_id, since.and_utc()).await?;
        let weeks = Bars::by_week(&own.days, today);
        let (streak, has_this_week) = streak(&weeks);
        let name = |month: Month| month.start().format("%B").to_string();
        Ok(Self {
            streak: Number(streak),
            next: next(streak, has_this_week),
            total: Number(own.points(context, viewer.user_id).await?),
            month: name(month),
            last_month: name(month.previous()),
            month_points: Number(own.points_in(month, None)),
            rank: own.position().map(RankView::of),
            month_rank: own.month.map(|found| RankView {
                rank: Number(found.rank),
                is_tied: found.tied_people > 1,
                people: Number(found.people).of("person", "people"),
            }),
            change: own.month.zip(own.before).and_then(|(now, before)| {
                let change = RankChange::of(now.rank, Some(before));
                (change != RankChange::Same).then_some(change)
            }),
            is_unlisted: own.is_unlisted,
            weeks,
            others: Vec::new(),
        })
    }

    /// Adds the figures of other modules.
    pub(super) fn with(self, others: Vec<PanelFigure>) -> Self {
        Self { others, ..self }
    }

    /// Returns whether the person never earned anything.
    pub(super) fn is_new(&self) -> bool {
        self.total.0 == 0 && self.weeks.is_empty()
    }

    /// Returns whether the figures say something to the person: not if all are zero and something else is theirs here, such
    /// as to judge or to coach. Newcomers see how to get the first ones.
    pub(super) fn say_something(&self, is_newcomer: bool) -> bool {
        is_newcomer || !self.is_new() || !self.others.is_empty()
    }
}

/// Returns the number of weeks in a row with points up to this one, and whether this week has some. It counts once it has, and
/// ends no streak.
fn streak(weeks: &Bars) -> (i64, bool) {
    let mut latest = weeks.bars.iter().rev().map(|bar| bar.points.0 > 0);
    let this_week = latest.next().unwrap_or_default();
    let before: i64 = latest.take_while(|has| *has).map(i64::from).sum();
    (i64::from(this_week) + before, this_week)
}

/// Says what makes a streak longer.
fn next(streak: i64, has_this_week: bool) -> String {
    let longer = Number(streak + 1);
    let until = if has_this_week { "next week" } else { "by Sunday" };
    format!("points {until} make it {longer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streak_has_a_next_step() {
        assert_eq!(next(3, true), "points next week make it 4");
        assert_eq!(next(3, false), "points by Sunday make it 4");
    }
}
