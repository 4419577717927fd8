//! Work of maintainers, authors, moderators and organizers.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use kernel::Timestamp;
use platform::{
    db::Engine,
    module::Audience,
    work::{TaskIcon, TaskKind, TaskRow, TaskText},
};

use super::describe::pull_address;
use crate::rules::fair_play::FindingKind;

const SIGNED_IN: TaskKind = TaskKind {
    code: "",
    label: "",
    one: "",
    list: "/work",
    waits: "",
    icon: TaskIcon::Todo,
    picture: None,
    is_about: false,
    audience: Audience::SignedIn,
    flag: None,
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
        code: "review",
        label: "Reviews",
        one: "Review",
        list: "/work?kind=review",
        waits: "A pull request waits for your review",
        icon: TaskIcon::Review,
        is_about: true,
        rows: reviews,
        text: review,
        ..SIGNED_IN
    },
    TaskKind {
        code: "changes",
        label: "Changes",
        one: "Changes asked for",
        list: "/work?kind=changes",
        waits: "A reviewer asked you for changes",
        icon: TaskIcon::Pen,
        rows: |_| changes(),
        text: change,
        ..SIGNED_IN
    },
    TaskKind {
        code: "flag",
        label: "Flags",
        one: "Flag",
        list: "/work?kind=flag",
        waits: "A flag waits for your decision",
        icon: TaskIcon::Flag,
        audience: Audience::Moderators,
        target: Some(FindingKind::JunkRepositories.target()),
        rows: |_| flags("flag", "<>"),
        text: flag,
        ..SIGNED_IN
    },
    TaskKind {
        code: "report",
        label: "Reports",
        one: "Report",
        list: "/work?kind=report",
        waits: "A report waits for your decision",
        icon: TaskIcon::Report,
        audience: Audience::Moderators,
        target: Some(FindingKind::Report.target()),
        rows: |_| flags("report", "="),
        text: flag,
        ..SIGNED_IN
    },
    TaskKind {
        code: "dispute",
        label: "Disputes",
        one: "Dispute",
        list: "/work?kind=dispute",
        waits: "A dispute waits for your decision",
        icon: TaskIcon::Dispute,
        is_about: true,
        audience: Audience::Moderators,
        rows: disputes,
        text: dispute,
        ..SIGNED_IN
    },
    TaskKind {
        code: "appeal",
        label: "Appeals",
        one: "Appeal",
        list: "/work?kind=appeal",
        waits: "An appeal waits for your decision",
        icon: TaskIcon::Scales,
        is_about: true,
        audience: Audience::Admins,
        rows: appeals,
        text: dispute,
        ..SIGNED_IN
    },
    TaskKind {
        code: "sign_off",
        label: "Season results",
        one: "Season results",
        list: "/work?kind=sign_off",
        waits: "A season waits for its final results",
        icon: TaskIcon::Trophy,
        picture: Some("season"),
        rows: |_| ended_seasons(),
        text: sign_off,
        ..SIGNED_IN
    },
    TaskKind {
        code: "season_draft",
        label: "Season drafts",
        one: "Season draft",
        list: "/work?kind=season_draft",
        waits: "A season is still a draft",
        icon: TaskIcon::Calendar,
        picture: Some("season"),
        rows: |_| season_drafts(),
        text: season_draft,
        ..SIGNED_IN
    },
];

/// The word after the name of the repository in the slug of a pull request whose review the person began.
const BEGUN: &str = " begun";

/// Selects the open pull requests of a maintainer's projects that wait for a review. Those of their own, and those that another
/// maintainer reviews, wait for others.
///
/// SQLite reads the tables of a `CROSS JOIN` in their order, so it never scans the contributions of all projects.
fn reviews(engine: Engine) -> String {
    let author = identity::reads::person_json(engine, "waiting.author_id");
    let held =
        "SELECT 1 FROM open_reviews held WHERE held.pull_request_id = waiting.pull_request_id";
    format!(
        "SELECT 'review' AS kind, pull.title AS name, repo.full_name AS place, \
         repo.full_name || CASE WHEN EXISTS ({held} AND held.reviewer_id = $1) THEN '{BEGUN}' ELSE '' END AS slug, \
         pull.number AS number, coalesce('+' || pull.additions || ' −' || pull.deletions, '') AS detail, \
         waiting.active_at AS since, waiting.stale_at AS due, {author} AS person, '' AS quote \
         FROM project_maintainers m CROSS JOIN contributions waiting \
         JOIN projects p ON p.id = waiting.project_id AND p.archived_at IS NULL {} \
         WHERE m.user_id = $1 AND waiting.project_id = m.project_id \
         AND waiting.state NOT IN ('MERGED', 'CLOSED') AND waiting.state IN ('OPEN', 'UNDER_REVIEW') \
         AND waiting.due_at IS NOT NULL AND waiting.abandoned_at > $2 \
         AND (waiting.author_id IS NULL OR waiting.author_id <> $1) \
         AND (NOT EXISTS ({held}) OR EXISTS ({held} AND held.reviewer_id = $1))",
        github::reads::joined_pull("waiting.pull_request_id")
    )
}

/// Selects the pull requests of an author whose reviewers asked for changes.
fn changes() -> String {
    format!(
        "SELECT 'changes' AS kind, pull.title AS name, repo.full_name AS place, repo.full_name AS slug, \
         pull.number AS number, '' AS detail, asked.active_at AS since, asked.abandoned_at AS due \
         FROM contributions asked {} WHERE asked.author_id = $1 AND asked.state = 'CHANGES_REQUESTED' \
         AND asked.due_at IS NOT NULL AND asked.abandoned_at > $2",
        github::reads::joined_pull("asked.pull_request_id")
    )
}

/// Selects the open flags, without those about the person themselves, on a project of theirs or on their own report.
fn flags(code: &str, is: &str) -> String {
    let heading = |kind: FindingKind| {
        format!("WHEN '{}' THEN '{}'", kind.as_str(), kind.heading().replace('\'', "''"))
    };
    // A kind that is not known has no heading, which is an error when the row is read.
    let heading = FindingKind::ALL.map(heading).join(" ");
    format!(
        "SELECT '{code}' AS kind, CASE f.kind {heading} END AS name, '' AS place, '' AS slug, f.number AS number, '' AS detail, \
         f.created_at AS since, CAST(NULL AS timestamptz) AS due FROM fair_play_flags f \
         WHERE f.state = 'open' AND f.kind {is} 'report' \
         AND NOT EXISTS (SELECT 1 FROM fair_play_subjects s WHERE s.flag_id = f.id AND s.kind = 'person' \
         AND s.subject_id = $1) \
         AND NOT EXISTS (SELECT 1 FROM flags_on_pull_requests o JOIN contributions flagged \
         ON flagged.pull_request_id = o.pull_request_id JOIN project_maintainers m ON m.project_id = flagged.project_id \
         WHERE o.flag_id = f.id AND m.user_id = $1)"
    )
}

/// The condition that a moderator may decide on a dispute `d`: it is not theirs, about a project of theirs, about their review,
/// or about their decision.
const IMPARTIAL: &str = "d.opened_by_id <> $1 \
     AND NOT EXISTS (SELECT 1 FROM project_maintainers m WHERE m.project_id = d.project_id AND m.user_id = $1) \
     AND NOT EXISTS (SELECT 1 FROM pr_reviews r WHERE r.pull_request_id = d.target_id AND r.reviewer_id = $1) \
     AND NOT EXISTS (SELECT 1 FROM fair_play_flags f WHERE f.id = d.target_id AND f.decided_by_id = $1) \
     AND NOT EXISTS (SELECT 1 FROM sanctions n WHERE n.id = d.target_id AND n.decided_by_id = $1)";

/// The first text of the thread of a dispute `d`.
const SAID: &str = "(SELECT w.text FROM dispute_messages m JOIN dispute_words w ON w.id = m.id \
     WHERE m.dispute_id = d.id ORDER BY m.created_at, m.id LIMIT 1)";

fn disputes(engine: Engine) -> String {
    let opener = identity::reads::person_json(engine, "d.opened_by_id");
    format!(
        "SELECT 'dispute' AS kind, '' AS name, '' AS place, '' AS slug, d.number AS number, d.kind AS detail, \
         d.created_at AS since, d.due_at AS due, {opener} AS person, {SAID} AS quote FROM disputes d WHERE d.state = 'open' AND {IMPARTIAL}"
    )
}

fn appeals(engine: Engine) -> String {
    let opener = identity::reads::person_json(engine, "d.opened_by_id");
    format!(
        "SELECT 'appeal' AS kind, '' AS name, '' AS place, '' AS slug, d.number AS number, d.kind AS detail, \
         a.created_at AS since, a.due_at AS due, {opener} AS person, {SAID} AS quote FROM appeals a JOIN disputes d ON d.id = a.dispute_id \
         WHERE a.state = 'open' AND {IMPARTIAL} AND (d.decided_by_id IS NULL OR d.decided_by_id <> $1)"
    )
}

/// Selects the seasons of an organizer that are over and not signed off.
fn ended_seasons() -> String {
    "SELECT 'sign_off' AS kind, s.name AS name, '' AS place, s.slug AS slug, 0 AS number, s.last_day AS detail, \
     s.published_at AS since, CAST(NULL AS timestamptz) AS due \
     FROM season_organizers o JOIN seasons s ON s.id = o.season_id WHERE o.user_id = $1 AND s.last_day < $3 \
     AND s.published_at IS NOT NULL AND s.canceled_at IS NULL AND s.signed_off_at IS NULL"
        .to_owned()
}

fn season_drafts() -> String {
    "SELECT 'season_draft' AS kind, s.name AS name, '' AS place, s.slug AS slug, 0 AS number, s.first_day AS detail, \
     s.created_at AS since, CAST(NULL AS timestamptz) AS due \
     FROM season_organizers o JOIN seasons s ON s.id = o.season_id WHERE o.user_id = $1 \
     AND s.published_at IS NULL AND s.canceled_at IS NULL"
        .to_owned()
}

fn review(row: &TaskRow) -> TaskText {
    TaskText {
        title: row.name.clone(),
        line: if row.detail.is_empty() {
            format!("{} #{}", row.place, row.number)
        } else {
            format!("{} #{} · {}", row.place, row.number, row.detail)
        },
        action: if row.slug.ends_with(BEGUN) { "Continue" } else { "Review" },
        address: pull_address(&row.place, row.number),
        due: None,
    }
}

fn change(row: &TaskRow) -> TaskText {
    TaskText {
        title: row.name.clone(),
        line: format!("{} #{}", row.place, row.number),
        action: "See changes",
        address: pull_address(&row.place, row.number),
        due: None,
    }
}

fn flag(row: &TaskRow) -> TaskText {
    TaskText {
        title: row.name.clone(),
        line: format!("F-{}", row.number),
        action: "Decide",
        address: format!("/admin/fair-play/{}", row.number),
        due: None,
    }
}

fn dispute(row: &TaskRow) -> TaskText {
    let about = match row.detail.as_str() {
        "score" => "the points of a pull request",
        "flag" => "a decision on a flag",
        "sanction" => "a sanction",
        _ => "a ban",
    };
    let says = if row.kind == "appeal" { "Someone appeals about" } else { "Someone contests" };
    TaskText {
        title: format!("{says} {about}"),
        line: format!("D-{}", row.number),
        action: "Decide",
        address: format!("/disputes/{}", row.number),
        due: None,
    }
}

/// Returns the end of a stored day in UTC.
pub(super) fn end_of(day: &str) -> Option<Timestamp> {
    let next = day.parse::<NaiveDate>().ok()?.succ_opt()?;
    Some(next.and_time(NaiveTime::MIN).and_utc())
}

fn sign_off(row: &TaskRow) -> TaskText {
    // Points of the last day settle within a week.
    let target = TimeDelta::days(14);
    TaskText {
        title: format!("Make the results of {} final", row.name),
        line: format!("The season ended on {}", row.detail),
        action: "See the results",
        address: format!("/seasons/{}/sign-off", row.slug),
        due: end_of(&row.detail).and_then(|end| end.checked_add_signed(target)),
    }
}

fn season_draft(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("Publish {}", row.name),
        line: "No one sees the season before".to_owned(),
        action: "Finish the draft",
        address: format!("/seasons/{}/edit", row.slug),
        due: end_of(&row.detail).and_then(|end| end.checked_sub_signed(TimeDelta::days(1))),
    }
}
