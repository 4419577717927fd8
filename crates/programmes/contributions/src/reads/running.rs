//! The seasons that run, with the part of a person in them.

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{
    db::Engine,
    work::{Happening, HappeningRow, Running},
};

use super::work::end_of;

/// The seasons that run, or that people can register for.
pub(crate) const RUNNING: &[Happening] =
    &[Happening { code: "season", one: "Season", flag: None, rows: seasons, shown: season }];

fn seasons(_: Engine) -> String {
    format!(
        "SELECT 'season' AS kind, s.slug AS slug, s.name AS name, s.last_day AS summary, s.first_day AS detail, \
         CASE WHEN t.id IS NULL THEN 0 ELSE 1 END AS mine, {} AS done, s.goal AS goal, \
         (SELECT count(*) FROM season_participants a WHERE a.season_id = s.id AND a.withdrawn_at IS NULL) AS people, \
         CAST(NULL AS timestamptz) AS until, '' AS picture FROM seasons s LEFT JOIN season_participants t ON t.season_id = s.id \
         AND t.user_id = $1 AND t.withdrawn_at IS NULL WHERE s.published_at IS NOT NULL AND s.canceled_at IS NULL \
         AND s.signed_off_at IS NULL AND s.last_day >= $3 \
         AND (s.first_day <= $3 OR s.registration_first_day <= $3)",
        recognition::reads::merged_on("'season:' || s.slug", "$1")
    )
}

fn season(row: &HappeningRow, now: Timestamp) -> Running {
    let begins = end_of(&row.detail).and_then(|end| end.checked_sub_signed(TimeDelta::days(1)));
    let has_begun = begins.is_some_and(|begins| begins <= now);
    let is_mine = row.mine > 0;
    let merged = kernel::counted(row.done, "merged pull request", "merged pull requests");
    let own = match (is_mine, row.progress()) {
        (false, _) => String::new(),
        (true, Some((done, goal))) if done >= goal => {
            format!("Your goal of {goal} is reached: {} merged", row.done)
        }
        (true, Some((done, goal))) => format!("{done} of {goal} merged"),
        (true, None) => merged,
    };
    Running {
        kind: "season",
        slug: row.slug.clone(),
        title: row.name.clone(),
        summary: String::new(),
        address: format!("/seasons/{}", row.slug),
        state: if has_begun { "Running" } else { "Open for registration" }.to_owned(),
        // The last minute names the last day.
        until: if has_begun {
            end_of(&row.summary).and_then(|end| end.checked_sub_signed(TimeDelta::minutes(1)))
        } else {
            begins
        },
        action: "Take part",
        is_mine,
        own,
        progress: row.progress().filter(|_| is_mine),
        people: row.people,
        picture: row.picture.clone(),
    }
}
