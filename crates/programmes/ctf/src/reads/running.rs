//! The rosters of the present, with the part of a person in them.

use kernel::{Timestamp, counted};
use platform::{
    db::{DbError, Engine, code},
    module::EventMoment,
    work::{Happening, HappeningRow, Running},
};

use crate::{FLAG, model::RosterRole};

/// The rosters of coaches and competitors.
pub(crate) const RUNNING: &[Happening] =
    &[Happening { code: "roster", one: "Roster", flag: Some(FLAG), rows: rosters, shown: roster }];

/// The part of whoever competes, where coaches have their role.
const COMPETITOR: &str = "competitor";

/// Selects the present rosters that the person coaches or competes on. The progress of a coach is the number of competitors with
/// a solve; that of a competitor the number of solves.
fn rosters(engine: Engine) -> String {
    let id = engine.id_text("r.id");
    format!(
        "SELECT 'roster' AS kind, {id} AS slug, r.name AS name, r.school AS summary, s.role AS detail, 1 AS mine, \
         (SELECT count(*) FROM competitors p JOIN game_platform_stats g ON g.competitor_id = p.id \
         WHERE p.roster_id = r.id AND p.left_at IS NULL AND p.erased_at IS NULL AND g.challenges_completed > 0) AS done, \
         (SELECT count(*) FROM competitors p WHERE p.roster_id = r.id AND p.left_at IS NULL AND p.erased_at IS NULL) AS goal, \
         0 AS people, CAST(NULL AS timestamptz) AS until, '' AS picture \
         FROM coaches c JOIN roster_coaches s ON s.coach_id = c.id JOIN rosters r ON r.id = s.roster_id \
         WHERE c.user_id = $1 AND c.approved AND r.archived_at IS NULL \
         UNION ALL SELECT 'roster' AS kind, {id} AS slug, r.name AS name, r.school AS summary, '{COMPETITOR}' AS detail, \
         1 AS mine, coalesce(g.challenges_completed, 0) AS done, 0 AS goal, 0 AS people, CAST(NULL AS timestamptz) AS until, '' AS picture \
         FROM competitors p JOIN rosters r ON r.id = p.roster_id LEFT JOIN game_platform_stats g ON g.competitor_id = p.id \
         WHERE p.user_id = $1 AND p.left_at IS NULL AND p.erased_at IS NULL AND p.confirmed_at IS NOT NULL \
         AND r.archived_at IS NULL"
    )
}

fn roster(row: &HappeningRow, _: Timestamp) -> Result<Option<Running>, DbError> {
    let role = match row.detail.as_str() {
        COMPETITOR => "",
        role => code("roster_coaches.role", role, RosterRole::named)?.heading(),
    };
    let is_coach = !role.is_empty();
    let own = if is_coach {
        let all = counted(row.goal, "student", "students");
        format!("{} of {all} solved something", row.done)
    } else {
        let solves = counted(row.done, "challenge", "challenges");
        format!("You solved {solves}")
    };
    Ok(Some(Running {
        kind: "roster",
        slug: row.id(),
        title: row.name.clone(),
        summary: row.summary.clone(),
        address: if is_coach {
            format!("/ctf/rosters/{}", row.id())
        } else {
            "/ctf/me/report".to_owned()
        },
        moment: EventMoment::Running,
        date: None,
        about: match row.summary.as_str() {
            "" => "CTF roster".to_owned(),
            school => format!("CTF roster of {school}"),
        },
        can_join: false,
        action: "Open",
        is_mine: true,
        role,
        own,
        progress: row.progress().filter(|_| is_coach),
        people: 0,
        picture: String::new(),
    }))
}
