//! The tables of a dashboard.

use std::{cmp::Reverse, collections::BTreeMap};

use kernel::Timestamp;
use ui::format::{Instant, Number};
use uuid::Uuid;

use super::{
    domain_name,
    members::{ALL, LoadedRoster, Member, MemberQuery, Sort},
};
use crate::{reads::RecentSolve, rules::freshness::Freshness};

/// The number of competitors on a page of the table.
const ROWS: usize = 50;

/// The head of a column: its label, classes, address, and direction if the table is in its order.
pub(super) struct Column {
    pub(super) label: &'static str,
    pub(super) class: &'static str,
    pub(super) address: String,
    pub(super) direction: Option<&'static str>,
}

/// A competitor in the table.
pub(super) struct Row {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) grade: Option<i64>,
    pub(super) team: Option<String>,
    pub(super) username: Option<String>,
    pub(super) points: Number,
    pub(super) solves: Number,
    pub(super) flash_of_month: Number,
    pub(super) last: Option<Instant>,
    pub(super) is_fresh: bool,
    pub(super) freshness_class: &'static str,
    pub(super) freshness: String,
    pub(super) cause: Option<&'static str>,
}

/// A list of which the first items are shown at once, and the others when they are asked for.
pub(super) struct Folded<T> {
    pub(super) first: Vec<T>,
    pub(super) others: Vec<T>,
}

impl<T> Folded<T> {
    /// Splits a list after a number of items.
    pub(super) fn after(number: usize, mut items: Vec<T>) -> Self {
        let others = items.split_off(number.min(items.len()));
        Self { first: items, others }
    }
}

/// The pages of the table: the one that is shown, their number, and the addresses of those before and after it.
pub(super) struct Pages {
    pub(super) shown: usize,
    pub(super) number: usize,
    pub(super) before: Option<String>,
    pub(super) next: Option<String>,
    /// The address of all pages as one, if there are several.
    pub(super) all: Option<String>,
}

impl Pages {
    /// Finds the page of a query; the last one if there are fewer.
    pub(super) fn of(rows: usize, query: &MemberQuery, address: &str) -> Self {
        let number = match query.page() {
            Some(_) => rows.div_ceil(ROWS).max(1),
            None => 1,
        };
        let shown = query.page().unwrap_or(1).min(number);
        let at = |page: usize| format!("{address}{}#roster", query.at_page(page));
        Self {
            shown,
            number,
            before: (shown > 1).then(|| at(shown - 1)),
            next: (shown < number).then(|| at(shown + 1)),
            all: (number > 1).then(|| format!("{address}{}#roster", query.at_page(ALL))),
        }
    }

    pub(super) fn cut<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        match self.number {
            1 => rows,
            _ => rows.chunks(ROWS).nth(self.shown - 1).unwrap_or_default(),
        }
    }
}

pub(super) struct TeamRow {
    pub(super) name: String,
    /// The table of its competitors.
    pub(super) address: String,
    pub(super) competitors: Number,
    pub(super) solves: Number,
    pub(super) points: Number,
}

/// A solve in the list of recent ones.
pub(super) struct SolveRow {
    pub(super) title: String,
    pub(super) domain: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) points: Number,
    pub(super) at: Instant,
}

pub(super) fn columns(query: &MemberQuery, address: &str) -> Vec<Column> {
    let column = |sort: Sort| Column {
        label: sort.heading(),
        class: sort.class(),
        address: format!("{address}{}#roster", query.sorted_by(sort)),
        direction: (query.sort() == sort).then(|| sort.direction()),
    };
    Sort::ALL.into_iter().map(column).collect()
}

/// Returns the row of a competitor. The cause of a gap, with the next step, is absent from an archived roster, where no step is left.
pub(super) fn row(member: &Member, now: Timestamp, is_archived: bool) -> Row {
    let person = &member.person;
    Row {
        address: member.address(),
        name: member.name.clone(),
        grade: person.grade,
        team: person.team.clone(),
        username: person.username.clone(),
        points: Number(member.total.points),
        solves: Number(member.total.solves),
        flash_of_month: Number(person.flash_of_month(now)),
        last: member.facts.last_activity.map(Instant),
        is_fresh: matches!(member.freshness, Freshness::Fresh(_)),
        freshness_class: member.freshness.class(),
        freshness: member.freshness.words(now),
        cause: member.freshness.cause().filter(|_| !is_archived),
    }
}

/// Returns the teams, the most points first.
pub(super) fn team_rows(loaded: &LoadedRoster, address: &str) -> Vec<TeamRow> {
    let mut teams = BTreeMap::<(String, Uuid), Vec<&Member>>::new();
    for member in &loaded.members {
        let person = &member.person;
        if let (Some(name), Some(id)) = (&person.team, person.team_id) {
            teams.entry((name.clone(), id)).or_default().push(member);
        }
    }
    let team = |((name, id), members): ((String, Uuid), Vec<&Member>)| {
        let total = LoadedRoster::total(members.iter().copied());
        TeamRow {
            name,
            address: format!("{address}&team={id}#roster"),
            competitors: Number(i64::try_from(members.len()).unwrap_or(i64::MAX)),
            solves: Number(total.solves),
            points: Number(total.points),
        }
    };
    let mut rows: Vec<_> = teams.into_iter().map(team).collect();
    rows.sort_by_key(|row| Reverse(row.points.0));
    rows
}

pub(super) fn recent(loaded: &LoadedRoster, solves: &[RecentSolve]) -> Vec<SolveRow> {
    let members = loaded.members.iter().map(|member| (member.person.id, member));
    let members: BTreeMap<Uuid, &Member> = members.collect();
    let row = |solve: &RecentSolve| {
        let member = members.get(&solve.competitor_id)?;
        Some(SolveRow {
            title: solve.title.clone(),
            domain: domain_name(&solve.domain),
            name: member.name.clone(),
            address: member.address(),
            points: Number(solve.points),
            at: Instant(solve.solved_at),
        })
    };
    solves.iter().filter_map(row).collect()
}
