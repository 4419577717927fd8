//! The hackathons that run or come, with the part of a person in them.

use kernel::Timestamp;
use platform::{
    db::{DbError, Engine, code},
    module::EventMoment,
    work::{Happening, HappeningRow, Running},
};
use sea_orm::DbErr;

use super::work::{left_to_judge, own_assignments};
use crate::{
    FLAG,
    model::{StaffRole, Visibility},
    rules::{
        applications::takes_everyone,
        part::PartFacts,
        timeline::{Steps, event_date, phase},
        waitlist::free_places,
    },
};

/// The hackathons that run or come, for homes.
pub(crate) const RUNNING: &[Happening] = &[Happening {
    code: "hackathon",
    one: "Hackathon",
    flag: Some(FLAG),
    rows: hackathons,
    shown: hackathon,
}];

/// Selects the published hackathons until their end. Private ones are for who takes part or is on their staff. The progress is that
/// of a judge.
fn hackathons(engine: Engine) -> String {
    let times = [
        "h.application_opens_at",
        "h.application_closes_at",
        "h.submission_opens_at",
        "h.submission_closes_at",
        "h.judging_opens_at",
        "h.judging_closes_at",
    ];
    let times = times.map(|column| engine.epoch_seconds(column)).join(", ");
    let build = match engine {
        Engine::Sqlite => "json_",
        Engine::Postgres => "json_build_",
    };
    let (left, own) = (left_to_judge(engine), own_assignments());
    let judges = "j.role = 'judge' AND h.judging_opens_at <= $2 AND h.judging_closes_at > $2";
    let mine = "(j.id IS NOT NULL OR a.status IN ('pending_review', 'auto_accepted', 'approved', 'waitlisted'))";
    format!(
        "SELECT 'hackathon' AS kind, h.slug AS slug, h.title AS name, h.summary AS summary, \
         CAST({build}object('times', {build}array({times}), 'visibility', h.visibility, \
         'late', CASE WHEN h.late_registration THEN 1 ELSE 0 END, 'capacity', h.capacity, \
         'role', coalesce(j.role, ''), 'status', coalesce(a.status, ''), 'team', coalesce(t.name, ''), \
         'leads', CASE WHEN m.role IN ('leader', 'co_leader') THEN 1 ELSE 0 END, \
         'next', coalesce(CASE WHEN {judges} THEN (SELECT p.title FROM submissions p WHERE p.id = \
         (SELECT a.submission_id FROM {own} AND a.status = 'open')) END, '')) AS text) AS detail, \
         CASE WHEN {mine} THEN 1 ELSE 0 END AS mine, \
         CASE WHEN {judges} THEN (SELECT count(*) FROM {own} AND a.status = 'judged') ELSE 0 END AS done, \
         CASE WHEN {judges} THEN (SELECT count(*) FROM {own} AND a.status = 'judged') \
         + (SELECT count(*) FROM {left}) ELSE 0 END AS goal, \
         (SELECT count(*) FROM applications n WHERE n.hackathon_id = h.id AND n.status IN ('auto_accepted', 'approved')) AS people, \
         h.judging_closes_at AS until, coalesce(h.picture, '') AS picture \
         FROM hackathons h LEFT JOIN hackathon_staff j ON j.hackathon_id = h.id AND j.user_id = $1 \
         LEFT JOIN applications a ON a.hackathon_id = h.id AND a.user_id = $1 \
         LEFT JOIN team_members m ON m.hackathon_id = h.id AND m.user_id = $1 AND m.status = 'active' \
         LEFT JOIN teams t ON t.id = m.team_id \
         WHERE h.published_at IS NOT NULL AND h.canceled_at IS NULL AND h.judging_closes_at > $2 \
         AND (h.visibility <> 'private' OR {mine})"
    )
}

fn hackathon(row: &HappeningRow, now: Timestamp) -> Result<Option<Running>, DbError> {
    let facts: PartFacts = serde_json::from_str(&row.detail).map_err(|error| {
        DbError(DbErr::Type(format!("the facts of a hackathon that runs: {error}")))
    })?;
    let visibility = code("hackathons.visibility", &facts.visibility, Visibility::named)?;
    let role = match facts.role.as_str() {
        "" => "",
        role => code("hackathon_staff.role", role, StaffRole::named)?.heading(),
    };
    Ok(running(row, &facts, (visibility, role), now))
}

fn running(
    row: &HappeningRow,
    facts: &PartFacts,
    (visibility, role): (Visibility, &'static str),
    now: Timestamp,
) -> Option<Running> {
    let timeline = facts.timeline()?;
    // The statement selects published hackathons before their end, so that no other step counts.
    let steps = Steps { published_at: Some(Timestamp::UNIX_EPOCH), ..Steps::default() };
    let phase = phase(&timeline, &steps, now);
    let (moment, is_mine) = (phase.moment(), row.mine > 0);
    let free = free_places(facts.capacity, row.people);
    let can_join = !is_mine
        && matches!(facts.status.as_str(), "" | "withdrawn")
        && takes_everyone(visibility, phase, facts.late > 0, free);
    (moment != EventMoment::Past).then(|| Running {
        kind: "hackathon",
        slug: row.slug.clone(),
        title: row.name.clone(),
        summary: row.summary.clone(),
        address: format!("/hackathons/{}", row.slug),
        moment,
        date: event_date(phase, &timeline, &steps),
        about: String::new(),
        can_join,
        action: if can_join { "Apply" } else { "See the event" },
        is_mine,
        role,
        own: facts.own(row.progress()),
        progress: row.progress(),
        people: row.people,
        picture: row.picture.clone(),
    })
}
