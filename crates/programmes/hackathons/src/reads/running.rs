//! The hackathons that run, with the part of a person in them.

use kernel::Timestamp;
use platform::{
    db::Engine,
    work::{Happening, HappeningRow, Running},
};

use crate::FLAG;

/// The hackathons that people can apply to, or that go on.
pub(crate) const RUNNING: &[Happening] = &[Happening {
    code: "hackathon",
    one: "Hackathon",
    flag: Some(FLAG),
    rows: hackathons,
    shown: hackathon,
}];

/// Selects the published hackathons until their results. Those that are not public are for who takes part or is on their staff.
fn hackathons(_: Engine) -> String {
    "SELECT 'hackathon' AS kind, h.slug AS slug, h.title AS name, h.summary AS summary, \
     CASE WHEN h.application_closes_at > $2 AND h.application_opens_at <= $2 THEN 'applications' \
     WHEN h.submission_opens_at > $2 THEN 'before' WHEN h.submission_closes_at > $2 THEN 'open' \
     WHEN h.judging_opens_at > $2 THEN 'submitted' WHEN h.judging_closes_at > $2 THEN 'judging' \
     ELSE 'judged' END || ' ' || coalesce(j.role, '') || ' ' || coalesce(a.status, '') || ' ' || coalesce(t.name, '') AS detail, \
     CASE WHEN j.id IS NOT NULL OR a.status IN ('pending_review', 'auto_accepted', 'approved', 'waitlisted') \
     THEN 1 ELSE 0 END AS mine, 0 AS done, 0 AS goal, \
     (SELECT count(*) FROM applications n WHERE n.hackathon_id = h.id AND n.status IN ('auto_accepted', 'approved')) AS people, \
     CASE WHEN h.application_closes_at > $2 AND h.application_opens_at <= $2 THEN h.application_closes_at \
     WHEN h.submission_opens_at > $2 THEN h.submission_opens_at WHEN h.submission_closes_at > $2 THEN h.submission_closes_at \
     WHEN h.judging_opens_at > $2 THEN h.judging_opens_at WHEN h.judging_closes_at > $2 THEN h.judging_closes_at END AS until, \
     coalesce(h.picture, '') AS picture \
     FROM hackathons h LEFT JOIN hackathon_staff j ON j.hackathon_id = h.id AND j.user_id = $1 \
     LEFT JOIN applications a ON a.hackathon_id = h.id AND a.user_id = $1 \
     LEFT JOIN team_members m ON m.hackathon_id = h.id AND m.user_id = $1 AND m.status = 'active' \
     LEFT JOIN teams t ON t.id = m.team_id \
     WHERE h.published_at IS NOT NULL AND h.canceled_at IS NULL AND h.application_opens_at <= $2 \
     AND h.archived_at IS NULL AND (h.results_published_at IS NULL OR h.judging_closes_at > $2) \
     AND (h.visibility = 'public' OR j.id IS NOT NULL OR a.id IS NOT NULL) \
     AND (h.judging_closes_at > $2 OR j.id IS NOT NULL OR a.id IS NOT NULL)"
        .to_owned()
}

fn hackathon(row: &HappeningRow, _: Timestamp) -> Running {
    let mut parts = row.detail.splitn(4, ' ');
    let mut part = || parts.next().unwrap_or_default();
    let (phase, role, status, team) = (part(), part(), part(), part());
    let (state, action) = match phase {
        "applications" => ("Applications are open", "Apply"),
        "before" => ("Begins soon", "See the event"),
        "open" => ("Teams are at work", "See the event"),
        "submitted" => ("Submissions are closed", "See the projects"),
        "judging" => ("Judging", "See the projects"),
        _ => ("Results are coming", "See the projects"),
    };
    let own = match (role, status, team) {
        ("organizer", ..) => "You organize it".to_owned(),
        ("judge", ..) => "You judge it".to_owned(),
        ("mentor", ..) => "You help its teams".to_owned(),
        (_, "pending_review", _) => "Your application waits for an answer".to_owned(),
        (_, "waitlisted", _) => "You are on the waitlist".to_owned(),
        (_, "auto_accepted" | "approved", "") => "You take part, without a team".to_owned(),
        (_, "auto_accepted" | "approved", team) => format!("You are in {team}"),
        _ => String::new(),
    };
    Running {
        kind: "hackathon",
        slug: row.slug.clone(),
        title: row.name.clone(),
        summary: row.summary.clone(),
        address: format!("/hackathons/{}", row.slug),
        state: state.to_owned(),
        until: row.until,
        action,
        is_mine: row.mine > 0,
        own,
        progress: None,
        people: row.people,
        picture: row.picture.clone(),
    }
}
