//! The seasons that run or come, with the part of a person in them.

use kernel::Timestamp;
use platform::{
    db::{DbError, Engine},
    module::EventMoment,
    work::{Happening, HappeningRow, Running},
};

use super::seasons::stored_day;
use crate::{
    FLAG,
    rules::seasons::{RegistrationDays, SeasonDates, SeasonDays, SeasonState},
};

/// The seasons that run, or that people can register for.
pub(crate) const RUNNING: &[Happening] =
    &[Happening { code: "season", one: "Season", flag: Some(FLAG), rows: seasons, shown: season }];

/// Selects the published seasons of which no result is final. Their last day ends somewhere on the day after it.
fn seasons(engine: Engine) -> String {
    let yesterday = match engine {
        Engine::Sqlite => "date($3, '-1 day')",
        Engine::Postgres => "to_char(CAST(CAST($3 AS text) AS date) - 1, 'YYYY-MM-DD')",
    };
    let taking_part =
        "FROM season_participants a WHERE a.season_id = s.id AND a.withdrawn_at IS NULL";
    let merged = |person: &str| recognition::reads::merged_on("'season:' || s.slug", person);
    let (own, all) = (merged("$1"), merged("a.user_id"));
    format!(
        "SELECT 'season' AS kind, s.slug AS slug, s.name AS name, s.description AS summary, \
         s.first_day || ' ' || s.last_day || ' ' || s.registration_first_day || ' ' || s.registration_last_day \
         || CASE WHEN t.id IS NULL THEN '' ELSE ' registered' END AS detail, \
         CASE WHEN t.id IS NULL AND o.id IS NULL THEN 0 ELSE 1 END AS mine, \
         CASE WHEN t.id IS NOT NULL THEN {own} WHEN o.id IS NOT NULL \
         THEN (SELECT coalesce(sum({all}), 0) {taking_part}) ELSE 0 END AS done, s.goal AS goal, \
         (SELECT count(*) {taking_part}) AS people, CAST(NULL AS timestamptz) AS until, '' AS picture \
         FROM seasons s LEFT JOIN season_participants t ON t.season_id = s.id \
         AND t.user_id = $1 AND t.withdrawn_at IS NULL \
         LEFT JOIN season_organizers o ON o.season_id = s.id AND o.user_id = $1 \
         WHERE s.published_at IS NOT NULL AND s.canceled_at IS NULL AND s.signed_off_at IS NULL \
         AND s.last_day >= {yesterday}"
    )
}

fn season(row: &HappeningRow, now: Timestamp) -> Result<Option<Running>, DbError> {
    Ok(running(row, now))
}

fn running(row: &HappeningRow, now: Timestamp) -> Option<Running> {
    let mut facts = row.detail.split_whitespace();
    let mut day = || facts.next().map(stored_day);
    let days = SeasonDays { first: day()?, last: day()? };
    let registration = RegistrationDays::of_stored(SeasonDays { first: day()?, last: day()? });
    let is_registered = facts.next().is_some();
    // The statement selects published seasons, so that no other step counts.
    let published_at = Some(Timestamp::UNIX_EPOCH);
    let dates = SeasonDates { days, published_at, canceled_at: None, signed_off_at: None };
    let state = SeasonState::at(&dates, now);
    let (moment, is_mine) = (state.moment(), row.mine > 0);
    let can_join = !is_registered && registration.contain(days, now);
    (moment != EventMoment::Past).then(|| Running {
        kind: "season",
        slug: row.slug.clone(),
        title: row.name.clone(),
        summary: row.summary.lines().next().unwrap_or_default().to_owned(),
        address: format!("/seasons/{}", row.slug),
        moment,
        date: state.date(days, now),
        about: String::new(),
        can_join,
        action: if can_join { "Take part" } else { "See the season" },
        is_mine,
        role: if is_mine && !is_registered { "Organizer" } else { "" },
        own: own(row, moment, is_registered),
        progress: row.progress().filter(|_| is_registered && moment == EventMoment::Running),
        people: row.people,
        picture: row.picture.clone(),
    })
}

/// Returns the person's part in a sentence without its end; empty for none.
fn own(row: &HappeningRow, moment: EventMoment, is_registered: bool) -> String {
    match (is_registered, row.progress()) {
        (false, _) if row.mine == 0 => String::new(),
        (false, _) if moment == EventMoment::Coming => "You organize it".to_owned(),
        (false, _) => format!("You organize it, {} merged", row.done),
        (true, _) if moment == EventMoment::Coming => "You are registered".to_owned(),
        (true, Some((done, goal))) if done >= goal => {
            format!("Your goal of {goal} is reached: {} merged", row.done)
        }
        (true, Some((done, goal))) => format!("{done} of {goal} merged"),
        (true, None) => kernel::counted(row.done, "merged pull request", "merged pull requests"),
    }
}
