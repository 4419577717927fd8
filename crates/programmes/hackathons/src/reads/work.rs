//! Work of organizers, judges, mentors, participants and admins.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use kernel::counted;
use platform::{
    db::Engine,
    module::Audience,
    work::{TaskKind, TaskRow, TaskText},
};

use crate::{
    FLAG, REWARDS,
    rules::{
        confirmations::NOTICE, judging::settings::JudgingSettings, prizes::ORGANIZERS_AFTER,
        rewards::OWNER_AFTER,
    },
};

const USUAL: TaskKind = TaskKind {
    code: "",
    label: "",
    one: "",
    list: "/work",
    audience: Audience::SignedIn,
    flag: Some(FLAG),
    target: None,
    rows: |_| String::new(),
    text: |_| TaskText {
        title: String::new(),
        line: String::new(),
        action: "",
        address: String::new(),
        due: None,
    },
};

/// The kinds of work of this module.
pub(crate) const TASKS: &[TaskKind] = &[
    TaskKind {
        code: "judging",
        label: "Judging",
        one: "Judging",
        list: "/work?kind=judging",
        rows: judging,
        text: |row| at_page(row, "Judge the projects of", "judging", "Judge the next project"),
        ..USUAL
    },
    TaskKind {
        code: "help",
        label: "Help",
        one: "Help request",
        list: "/work?kind=help",
        target: Some(TimeDelta::minutes(15)),
        rows: |_| help(),
        text: help_text,
        ..USUAL
    },
    TaskKind {
        code: "application",
        label: "Applications",
        one: "Applications",
        list: "/work?kind=application",
        rows: |_| applications(),
        text: application,
        ..USUAL
    },
    TaskKind {
        code: "place",
        label: "Places",
        one: "Place",
        list: "/work?kind=place",
        rows: places,
        text: |row| at_event(row, "Confirm your place at", "Confirm"),
        ..USUAL
    },
    TaskKind {
        code: "submission",
        label: "Submissions",
        one: "Submission",
        list: "/work?kind=submission",
        rows: |_| own(MISSING, "submission"),
        text: |row| at_page(row, "Submit your project to", "submission", "Submit"),
        ..USUAL
    },
    TaskKind {
        code: "check",
        label: "Checks",
        one: "Failing check",
        list: "/work?kind=check",
        rows: |_| own(FAILING, "check"),
        text: check,
        ..USUAL
    },
    TaskKind {
        code: "team_task",
        label: "Team tasks",
        one: "Team task",
        list: "/work?kind=team_task",
        rows: team_tasks,
        text: team_task,
        ..USUAL
    },
    TaskKind {
        code: "draft",
        label: "Drafts",
        one: "Draft of a hackathon",
        list: "/work?kind=draft",
        rows: |_| drafts(),
        text: |row| at_page(row, "Publish", "edit", "Finish the draft"),
        ..USUAL
    },
    TaskKind {
        code: "disqualified",
        label: "Appeals of teams",
        one: "Appeal of a team",
        list: "/work?kind=disqualified",
        target: Some(TimeDelta::days(3)),
        rows: |_| disqualified(),
        text: disqualified_text,
        ..USUAL
    },
    TaskKind {
        code: "results",
        label: "Results",
        one: "Results",
        list: "/work?kind=results",
        target: Some(TimeDelta::days(2)),
        rows: |_| results(),
        text: |row| at_page(row, "Publish the results of", "results", "Prepare the results"),
        ..USUAL
    },
    TaskKind {
        code: "prizes",
        label: "Prizes",
        one: "Prizes to hand over",
        list: "/work?kind=prizes",
        target: Some(ORGANIZERS_AFTER),
        rows: |_| prizes(),
        text: prize,
        ..USUAL
    },
    TaskKind {
        code: "networks",
        label: "Networks",
        one: "Networks of a place",
        list: "/work?kind=networks",
        audience: Audience::Admins,
        rows: |_| networks(),
        text: network,
        ..USUAL
    },
    TaskKind {
        code: "rewards",
        label: "Rewards",
        one: "Rewards to hand over",
        list: "/work?kind=rewards",
        audience: Audience::Admins,
        flag: Some(REWARDS),
        target: Some(OWNER_AFTER),
        rows: |_| rewards(),
        text: reward,
        ..USUAL
    },
];

/// The condition that a hackathon `h` is published and was not canceled.
const HELD: &str = "h.published_at IS NOT NULL AND h.canceled_at IS NULL";

/// The organizers of hackathons `h`.
const ORGANIZED: &str = "hackathon_staff o JOIN hackathons h ON h.id = o.hackathon_id AND o.role = 'organizer' AND o.user_id = $1";

/// The condition that a submission `s` is judged.
const JUDGED: &str = "s.version > 0 AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL \
     AND (s.verdict IS NULL OR s.verdict <> 'invalid' OR s.is_admitted)";

/// The number of the current round of a hackathon `h`.
const ROUND: &str = "(SELECT count(*) + 1 FROM judging_rounds r WHERE r.hackathon_id = h.id)";

/// Selects the hackathons in which a judge still has projects: theirs to judge, without enough looks, and not put aside for good.
fn judging(engine: Engine) -> String {
    let looks = JudgingSettings::default().looks;
    let is_forward = match engine {
        Engine::Sqlite => "replace(r.forward, '-', '') LIKE '%' || hex(s.id) || '%'",
        Engine::Postgres => "r.forward LIKE '%' || CAST(s.id AS text) || '%'",
    };
    format!(
        "SELECT 'judging' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.judging_opens_at AS since, h.judging_closes_at AS due \
         FROM hackathon_staff j JOIN hackathons h ON h.id = j.hackathon_id WHERE j.user_id = $1 AND j.role = 'judge' \
         AND {HELD} AND h.judging_opens_at <= $2 AND h.judging_closes_at > $2 \
         AND EXISTS (SELECT 1 FROM submissions s WHERE s.hackathon_id = h.id AND {JUDGED} \
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
         AND a.status = 'judged') < coalesce((SELECT l.looks FROM judging_settings l WHERE l.hackathon_id = h.id), {looks})))"
    )
}

/// Selects the requests for help that no mentor took, and those that the person took.
fn help() -> String {
    format!(
        "SELECT 'help' AS kind, t.name AS name, h.title AS place, h.slug AS slug, 0 AS number, q.topic AS detail, \
         q.created_at AS since, CAST(NULL AS timestamptz) AS due FROM hackathon_staff o \
         JOIN hackathons h ON h.id = o.hackathon_id AND {HELD} JOIN help_requests q ON q.hackathon_id = h.id \
         JOIN teams t ON t.id = q.team_id WHERE o.user_id = $1 AND o.role IN ('mentor', 'organizer') \
         AND (q.state = 'waiting' AND o.role = 'mentor' OR q.state = 'taken' AND q.mentor_id = $1 \
         OR q.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM hackathon_staff n WHERE n.hackathon_id = h.id \
         AND n.role = 'mentor'))"
    )
}

fn applications() -> String {
    format!(
        "SELECT 'application' AS kind, h.title AS name, '' AS place, h.slug AS slug, count(*) AS number, '' AS detail, \
         min(a.status_at) AS since, h.submission_opens_at AS due FROM {ORGANIZED} \
         JOIN applications a ON a.hackathon_id = h.id AND a.status = 'pending_review' \
         WHERE {HELD} AND h.submission_closes_at > $2 GROUP BY h.id, h.title, h.slug, h.submission_opens_at"
    )
}

/// Selects the places that the person has to confirm. Who got it too late to confirm it need not.
fn places(engine: Engine) -> String {
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
const MISSING: &str =
    "(s.id IS NULL OR s.version = 0 AND s.withdrawn_at IS NULL AND s.disqualified_at IS NULL)";

/// The condition that a required check fails.
const FAILING: &str = "s.verdict = 'invalid' AND NOT s.is_admitted AND s.withdrawn_at IS NULL \
     AND s.disqualified_at IS NULL AND s.locked_at IS NULL";

/// Selects the hackathons in which the submission of the person or their team meets a condition, while it can be changed.
fn own(condition: &str, code: &str) -> String {
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

fn team_tasks(engine: Engine) -> String {
    format!(
        "SELECT 'team_task' AS kind, k.title AS name, h.title AS place, h.slug || ' ' || {} AS slug, 0 AS number, \
         coalesce(k.due_on, '') AS detail, k.created_at AS since, CAST(NULL AS timestamptz) AS due \
         FROM team_tasks k JOIN hackathons h ON h.id = k.hackathon_id \
         JOIN team_members m ON m.team_id = k.team_id AND m.user_id = $1 AND m.status = 'active' \
         WHERE k.assignee_id = $1 AND k.state <> 'done' AND {HELD} AND h.judging_closes_at > $2",
        engine.id_text("k.id")
    )
}

fn drafts() -> String {
    format!(
        "SELECT 'draft' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.created_at AS since, h.application_opens_at AS due FROM {ORGANIZED} \
         WHERE h.published_at IS NULL AND h.canceled_at IS NULL"
    )
}

fn disqualified() -> String {
    format!(
        "SELECT 'disqualified' AS kind, s.title AS name, h.title AS place, h.slug AS slug, 0 AS number, \
         '' AS detail, s.updated_at AS since, CAST(NULL AS timestamptz) AS due FROM {ORGANIZED} \
         JOIN submissions s ON s.hackathon_id = h.id AND s.appeal IS NOT NULL AND s.disqualified_at IS NOT NULL \
         AND s.withdrawn_at IS NULL WHERE {HELD} AND h.results_published_at IS NULL"
    )
}

/// Selects the hackathons after judging whose results are neither published nor planned.
fn results() -> String {
    format!(
        "SELECT 'results' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.judging_closes_at AS since, CAST(NULL AS timestamptz) AS due FROM {ORGANIZED} \
         WHERE {HELD} AND h.judging_closes_at <= $2 AND h.results_published_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM result_publications w WHERE w.hackathon_id = h.id AND w.due_at IS NOT NULL)"
    )
}

fn prizes() -> String {
    format!(
        "SELECT 'prizes' AS kind, h.title AS name, '' AS place, h.slug AS slug, count(*) AS number, '' AS detail, \
         min(a.state_at) AS since, CAST(NULL AS timestamptz) AS due FROM {ORGANIZED} \
         JOIN prize_awards a ON a.hackathon_id = h.id AND a.state = 'claimed' AND a.published_at IS NOT NULL \
         GROUP BY h.id, h.title, h.slug"
    )
}

/// Selects the hackathons whose organizers stated networks of the place, of which none is approved.
fn networks() -> String {
    format!(
        "SELECT 'networks' AS kind, h.title AS name, '' AS place, h.slug AS slug, 0 AS number, '' AS detail, \
         h.updated_at AS since, h.submission_opens_at AS due FROM hackathons h WHERE {HELD} \
         AND h.venue_networks <> '' AND h.approved_networks = '' AND h.judging_closes_at > $2"
    )
}

fn rewards() -> String {
    "SELECT 'rewards' AS kind, w.name AS name, '' AS place, w.slug AS slug, count(*) AS number, '' AS detail, \
     min(d.created_at) AS since, CAST(NULL AS timestamptz) AS due FROM reward_redemptions d \
     JOIN rewards w ON w.id = d.reward_id WHERE d.status IN ('requested', 'approved') GROUP BY w.id, w.name, w.slug"
        .to_owned()
}

/// Returns the words about a hackathon with a page of its own.
fn at_page(row: &TaskRow, says: &str, page: &str, action: &'static str) -> TaskText {
    TaskText {
        title: format!("{says} {}", row.name),
        line: if row.place.is_empty() { "Hackathon".to_owned() } else { row.place.clone() },
        action,
        address: format!("/hackathons/{}/{page}", row.slug),
        due: None,
    }
}

fn at_event(row: &TaskRow, says: &str, action: &'static str) -> TaskText {
    TaskText {
        title: format!("{says} {}", row.name),
        line: "The place goes to somebody else otherwise".to_owned(),
        action,
        address: format!("/hackathons/{}", row.slug),
        due: None,
    }
}

fn help_text(row: &TaskRow) -> TaskText {
    TaskText {
        title: row.detail.clone(),
        line: format!("{}, {}", row.name, row.place),
        action: "Help",
        address: format!("/hackathons/{}/help-queue", row.slug),
        due: None,
    }
}

fn application(row: &TaskRow) -> TaskText {
    let people = counted(row.number, "person wants", "people want");
    TaskText {
        title: format!("{people} to join {}", row.name),
        line: "Applications".to_owned(),
        action: "Decide",
        address: format!("/hackathons/{}/applications?status=pending_review", row.slug),
        due: None,
    }
}

fn check(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("{} would not be judged", row.detail),
        line: format!("{}, a required check fails", row.name),
        action: "Fix the check",
        address: format!("/hackathons/{}/submission", row.slug),
        due: None,
    }
}

/// Splits the slug of a hackathon from an ID.
fn parts(row: &TaskRow) -> (&str, String) {
    let (slug, id) = row.slug.split_once(' ').unwrap_or((&row.slug, ""));
    let id = uuid::Uuid::try_parse(id).map(|id| id.to_string());
    (slug, id.unwrap_or_default())
}

fn team_task(row: &TaskRow) -> TaskText {
    let (slug, id) = parts(row);
    let due = row.detail.parse::<NaiveDate>().ok().and_then(|day| day.succ_opt());
    TaskText {
        title: row.name.clone(),
        line: format!("Board of your team, {}", row.place),
        action: "Open the task",
        address: format!("/hackathons/{slug}/board/{id}"),
        due: due.map(|next| next.and_time(NaiveTime::MIN).and_utc()),
    }
}

fn disqualified_text(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("{} asks to be judged after all", row.name),
        line: format!("{}, appeal of a disqualified team", row.place),
        action: "Decide",
        address: format!("/hackathons/{}/submissions", row.slug),
        due: None,
    }
}

fn prize(row: &TaskRow) -> TaskText {
    let prizes = counted(row.number, "prize", "prizes");
    TaskText {
        title: format!("Send {prizes} of {}", row.name),
        line: "The winners stated what is needed".to_owned(),
        action: "See the prizes",
        address: format!("/hackathons/{}/prize-awards", row.slug),
        due: None,
    }
}

fn network(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("Approve the networks of {}", row.name),
        line: "Limits by address hold for its guests until then".to_owned(),
        action: "Check",
        address: format!("/admin/hackathons/{}/venue-networks", row.slug),
        due: None,
    }
}

fn reward(row: &TaskRow) -> TaskText {
    let people = counted(row.number, "person waits", "people wait");
    TaskText {
        title: format!("{people} for “{}”", row.name),
        line: "Rewards".to_owned(),
        action: "Hand over",
        address: "/admin/rewards/redemptions".to_owned(),
        due: None,
    }
}
