//! The goals of the rollout.

use kernel::counted;

use super::cohort::Cohort;
use crate::{
    reads::MonthlyTickets,
    rules::rollout_goals::{self, ACTIVE, Goal, RATING, REPORTED, TICKETS},
};

pub(super) struct GoalRow {
    pub(super) name: &'static str,
    pub(super) basis: String,
    pub(super) target: String,
    pub(super) goal: Goal,
}

/// Returns the goals, with the latest month of tickets.
pub(super) fn goals(cohort: &Cohort, latest: Option<&MonthlyTickets>) -> Vec<GoalRow> {
    vec![active(cohort), reported(cohort), tickets(latest), rating(cohort)]
}

fn active(cohort: &Cohort) -> GoalRow {
    let coaches = counted(cohort.coaches, "coach", "coaches");
    GoalRow {
        name: "Active coaches",
        basis: format!("{} of {coaches} opened a dashboard in the last 7 days", cohort.active),
        target: format!("at least {ACTIVE} %"),
        goal: rollout_goals::active(cohort.active, cohort.coaches),
    }
}

fn reported(cohort: &Cohort) -> GoalRow {
    let counts = cohort.counts;
    let on_platform = counted(counts.on_platform, "competitor", "competitors");
    GoalRow {
        name: "Reported differences",
        basis: format!("{} of {on_platform} on the platform, in the last 30 days", counts.reported),
        target: format!("at most {REPORTED} %"),
        goal: rollout_goals::reported(counts.reported, counts.on_platform),
    }
}

fn tickets(latest: Option<&MonthlyTickets>) -> GoalRow {
    GoalRow {
        name: "Support tickets",
        basis: latest.map_or_else(
            || "No month is entered".to_owned(),
            |latest| format!("in {}, as entered below", latest.words()),
        ),
        target: format!("at most {TICKETS} a month"),
        goal: rollout_goals::tickets(latest.map(|latest| latest.tickets)),
    }
}

fn rating(cohort: &Cohort) -> GoalRow {
    let answers = counted(cohort.ratings.len(), "answer", "answers");
    GoalRow {
        name: "Rating of the dashboard",
        basis: format!("mean of {answers} from 1 to 5"),
        target: format!("at least {RATING}.0"),
        goal: rollout_goals::rating(&cohort.ratings),
    }
}
