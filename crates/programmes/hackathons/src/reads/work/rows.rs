//! The statements that find work.

use platform::db::Engine;

use crate::rules::{confirmations::NOTICE, judging::settings::JudgingSettings};

/// The condition that a hackathon `h` is published and was not canceled.
const HELD: &str = "h.published_at IS NOT NULL AND h.canceled_at IS NULL";

/// The organizers of hackathons `h`.
const ORGANIZED: &str = "hackathon_staff o JOIN hackathons h ON h.id = o.hackathon_id AND o.role = 'organizer' AND o.user_id = $1";

/// The condition that a submission `s` is judged.
const JUDGED: &str = "s.version > 0 AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL \
     AND (s.verdict IS NULL OR s.verdict <> 'invalid' OR s.is_admitted)";

/// The number of the current round of a hackathon `h`.
const ROUND: &str = "(SELECT count(*) + 1 FROM judging_rounds r WHERE r.hackathon_id = h.id)";

/// Selects the hackathons in which a judge still has projects.
pub(super) fn judging(engine: Engine) -> String {
    let left = left_to_judge(engine);
    format!(
        "SELECT 'judging' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.judging_opens_at AS since, h.judging_closes_at AS due \
         FROM hackathon_staff j JOIN hackathons h ON h.id = j.hackathon_id WHERE j.user_id = $1 AND j.role = 'judge' \
         AND {HELD} AND h.judging_opens_at <= $2 AND h.judging_closes_at > $2 AND EXISTS (SELECT 1 FROM {left})"
    )
}

/// Returns the assignments `a` of the judge `$1` in the current round of a hackathon `h`, as a source with its condition.
pub(in crate::reads) fn own_assignments() -> String {
    format!(
        "judging_assignments a WHERE a.hackathon_id = h.id AND a.user_id = $1 AND a.round = {ROUND}"
    )
}

/// Returns the submissions `s` of a hackathon `h` that the judge `$1`, of its staff `j`, can still judge: theirs to judge, without
/// enough looks, and not put aside for good. It is a source with its condition.
pub(in crate::reads) fn left_to_judge(engine: Engine) -> String {
    let looks = JudgingSettings::default().looks;
    let is_forward = match engine {
        Engine::Sqlite => "replace(r.forward, '-', '') LIKE '%' || hex(s.id) || '%'",
        Engine::Postgres => "r.forward LIKE '%' || CAST(s.id AS text) || '%'",
    };
    format!(
        "submissions s WHERE s.hackathon_id = h.id AND {JUDGED} \
         AND (s.user_id IS NULL OR s.user_id <> $1) \
         AND NOT EXISTS (SELECT 1 FROM team_members m WHERE m.team_id = s.team_id AND m.user_id = $1 \
         AND m.status = 'active') \
         AND NOT EXISTS (SELECT 1 FROM judging_conflicts c WHERE c.submission_id = s.id AND c.user_id = $1) \
         AND (j.tracks = '' OR EXISTS (SELECT 1 FROM hackathon_tracks t WHERE t.hackathon_id = h.id \
         AND ',' || j.tracks || ',' LIKE '%,' || t.slug || ',%' AND ',' || s.tracks || ',' LIKE '%,' || t.slug || ',%')) \
         AND (NOT EXISTS (SELECT 1 FROM judging_rounds r WHERE r.hackathon_id = h.id) \
         OR EXISTS (SELECT 1 FROM judging_rounds r WHERE r.hackathon_id = h.id AND r.number + 1 = {ROUND} \
         AND {is_forward})) \
         AND NOT EXISTS (SELECT 1 FROM judging_assignments a WHERE a.submission_id = s.id AND a.user_id = $1 \
         AND a.round = {ROUND} AND a.status IN ('judged', 'absent', 'conflict')) \
         AND (EXISTS (SELECT 1 FROM judging_assignments a WHERE a.submission_id = s.id AND a.user_id = $1 \
         AND a.round = {ROUND} AND a.status = 'open') \
         OR (SELECT count(*) FROM judging_assignments a WHERE a.submission_id = s.id AND a.round = {ROUND} \
         AND a.status = 'judged') < coalesce((SELECT l.looks FROM judging_settings l WHERE l.hackathon_id = h.id), {looks}))"
    )
}

/// Selects the requests for help that no mentor took, and with the number 1 those that the person took.
pub(super) fn help(engine: Engine) -> String {
    let person = identity::reads::person_json(engine, "q.asked_by_id");
    format!(
        "SELECT 'help' AS kind, t.name AS name, h.title AS place, h.slug AS slug, \
         CASE q.state WHEN 'taken' THEN 1 ELSE 0 END AS number, q.place || '\n' || q.topic AS detail, q.created_at AS since, \
         CAST(NULL AS timestamptz) AS due, {person} AS person, '' AS quote FROM hackathon_staff o \
         JOIN hackathons h ON h.id = o.hackathon_id AND {HELD} JOIN help_requests q ON q.hackathon_id = h.id \
         JOIN teams t ON t.id = q.team_id WHERE o.user_id = $1 AND o.role IN ('mentor', 'organizer') \
         AND (q.state = 'waiting' AND o.role = 'mentor' OR q.state = 'taken' AND q.mentor_id = $1 \
         OR q.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM hackathon_staff n WHERE n.hackathon_id = h.id \
         AND n.role = 'mentor'))"
    )
}

/// Selects the applications that wait for an answer, with the first of the people.
pub(super) fn applications(engine: Engine) -> String {
    let first = "(SELECT w.user_id FROM applications w WHERE w.hackathon_id = h.id AND w.status = 'pending_review' \
         ORDER BY w.status_at, w.id LIMIT 1)";
    let person = identity::reads::person_json(engine, first);
    format!(
        "SELECT 'application' AS kind, h.title AS name, '' AS place, h.slug AS slug, count(*) AS number, '' AS detail, \
         min(a.status_at) AS since, h.submission_opens_at AS due, {person} AS person, '' AS quote FROM {ORGANIZED} \
         JOIN applications a ON a.hackathon_id = h.id AND a.status = 'pending_review' \
         WHERE {HELD} AND h.submission_closes_at > $2 GROUP BY h.id, h.title, h.slug, h.submission_opens_at"
    )
}

/// Selects the places that the person has to confirm. Who got it too late to confirm it need not.
pub(super) fn places(engine: Engine) -> String {
    let hours = NOTICE.num_hours();
    let in_time = match engine {
        Engine::Sqlite => {
            format!("unixepoch(h.confirm_by) - unixepoch(a.status_at) >= {hours} * 3600")
        }
        Engine::Postgres => format!("h.confirm_by - a.status_at >= INTERVAL '{hours} hours'"),
    };
    format!(
        "SELECT 'place' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         a.status_at AS since, h.confirm_by AS due FROM applications a JOIN hackathons h ON h.id = a.hackathon_id \
         WHERE a.user_id = $1 AND a.status IN ('auto_accepted', 'approved') AND a.confirmed_at IS NULL \
         AND {HELD} AND h.confirm_by > $2 AND {in_time}"
    )
}

/// The condition that nothing was submitted.
pub(super) const MISSING: &str =
    "(s.id IS NULL OR s.version = 0 AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL)";

/// The condition that a required check fails.
pub(super) const FAILING: &str = "s.verdict = 'invalid' AND NOT s.is_admitted AND s.withdrawn_at IS NULL \
     AND s.disqualified_at IS NULL AND s.locked_at IS NULL";

/// Selects the hackathons in which the submission of the person or their team meets a condition, while it can be changed.
pub(super) fn own(condition: &str, code: &str) -> String {
    format!(
        "SELECT '{code}' AS kind, h.title AS name, coalesce(t.name, '') AS place, h.slug AS slug, 0 AS number, \
         coalesce(s.title, '') AS detail, coalesce(s.checked_at, h.submission_opens_at) AS since, \
         CASE WHEN e.closes_at > h.submission_closes_at THEN e.closes_at ELSE h.submission_closes_at END AS due \
         FROM applications a JOIN hackathons h ON h.id = a.hackathon_id \
         LEFT JOIN team_members m ON m.hackathon_id = h.id AND m.user_id = $1 AND m.status = 'active' \
         LEFT JOIN teams t ON t.id = m.team_id \
         LEFT JOIN submissions s ON s.hackathon_id = h.id \
         AND (s.team_id = m.team_id OR (m.team_id IS NULL AND s.user_id = $1)) \
         LEFT JOIN submission_extensions e ON e.hackathon_id = h.id \
         AND (e.team_id = m.team_id OR (m.team_id IS NULL AND e.user_id = $1)) \
         WHERE a.user_id = $1 AND a.status IN ('auto_accepted', 'approved') AND {HELD} \
         AND h.submission_opens_at <= $2 AND (h.submission_closes_at > $2 OR e.closes_at > $2) AND {condition}"
    )
}

pub(super) fn team_tasks(engine: Engine) -> String {
    format!(
        "SELECT 'team_task' AS kind, k.title AS name, h.title AS place, h.slug || ' ' || {} AS slug, 0 AS number, \
         coalesce(k.due_on, '') AS detail, k.created_at AS since, CAST(NULL AS timestamptz) AS due \
         FROM team_tasks k JOIN hackathons h ON h.id = k.hackathon_id \
         JOIN team_members m ON m.team_id = k.team_id AND m.user_id = $1 AND m.status = 'active' \
         WHERE k.assignee_id = $1 AND k.state <> 'done' AND {HELD} AND h.judging_closes_at > $2",
        engine.id_text("k.id")
    )
}

pub(super) fn drafts() -> String {
    format!(
        "SELECT 'draft' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.created_at AS since, h.application_opens_at AS due FROM {ORGANIZED} \
         WHERE h.published_at IS NULL AND h.canceled_at IS NULL"
    )
}

pub(super) fn disqualified() -> String {
    format!(
        "SELECT 'disqualified' AS kind, s.title AS name, h.title AS place, h.slug AS slug, 0 AS number, \
         '' AS detail, s.updated_at AS since, CAST(NULL AS timestamptz) AS due, \
         CAST(NULL AS text) AS person, s.appeal AS quote FROM {ORGANIZED} \
         JOIN submissions s ON s.hackathon_id = h.id AND s.appeal IS NOT NULL AND s.disqualified_at IS NOT NULL \
         AND s.withdrawn_at IS NULL WHERE {HELD} AND h.results_published_at IS NULL"
    )
}

/// Selects the hackathons after judging whose results are neither published nor planned.
pub(super) fn results() -> String {
    format!(
        "SELECT 'results' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.judging_closes_at AS since, CAST(NULL AS timestamptz) AS due FROM {ORGANIZED} \
         WHERE {HELD} AND h.judging_closes_at <= $2 AND h.results_published_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM result_publications w WHERE w.hackathon_id = h.id AND w.due_at IS NOT NULL)"
    )
}

pub(super) fn prizes() -> String {
    format!(
        "SELECT 'prizes' AS kind, h.title AS name, '' AS place, h.slug AS slug, count(*) AS number, '' AS detail, \
         min(a.state_at) AS since, CAST(NULL AS timestamptz) AS due FROM {ORGANIZED} \
         JOIN prize_awards a ON a.hackathon_id = h.id AND a.state = 'claimed' AND a.published_at IS NOT NULL \
         GROUP BY h.id, h.title, h.slug"
    )
}

/// Selects the hackathons without results whose points no admin has approved, with the first of their organizers.
pub(super) fn points(engine: Engine) -> String {
    let first = "(SELECT o.user_id FROM hackathon_staff o WHERE o.hackathon_id = h.id AND o.role = 'organizer' \
         ORDER BY o.created_at, o.id LIMIT 1)";
    let person = identity::reads::person_json(engine, first);
    format!(
        "SELECT 'points' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.published_at AS since, h.judging_closes_at AS due, {person} AS person, '' AS quote FROM hackathons h \
         WHERE {HELD} AND h.results_published_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM hackathon_points p WHERE p.hackathon_id = h.id)"
    )
}

/// Selects the hackathons whose organizers stated networks of the place that no one has approved.
pub(super) fn networks() -> String {
    format!(
        "SELECT 'networks' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.updated_at AS since, h.submission_opens_at AS due FROM hackathons h WHERE {HELD} \
         AND h.venue_networks <> '' AND h.approved_networks = '' AND h.judging_closes_at > $2"
    )
}

/// Selects the rewards that are to be handed over, with the first of the people.
pub(super) fn rewards(engine: Engine) -> String {
    let first = "(SELECT f.user_id FROM reward_redemptions f WHERE f.reward_id = w.id \
         AND f.status IN ('requested', 'approved') ORDER BY f.created_at, f.id LIMIT 1)";
    let person = identity::reads::person_json(engine, first);
    format!(
        "SELECT 'rewards' AS kind, w.name AS name, '' AS place, w.slug AS slug, count(*) AS number, '' AS detail, \
         min(d.created_at) AS since, CAST(NULL AS timestamptz) AS due, {person} AS person, '' AS quote \
         FROM reward_redemptions d JOIN rewards w ON w.id = d.reward_id \
         WHERE d.status IN ('requested', 'approved') GROUP BY w.id, w.name, w.slug"
    )
}
