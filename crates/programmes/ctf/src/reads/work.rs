//! Work of coaches, competitors and admins.

use kernel::counted;
use platform::{
    db::Engine,
    module::Audience,
    work::{TaskIcon, TaskKind, TaskRow, TaskText},
};

use super::CompetitorNeed;
use crate::{FLAG, rules::rosters::students};

const USUAL: TaskKind = TaskKind {
    code: "",
    label: "",
    one: "",
    list: "/work",
    waits: "",
    icon: TaskIcon::Todo,
    picture: None,
    is_about: false,
    is_taken: None,
    is_stuck: false,
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
        code: "joining",
        label: "Joining",
        one: "Joining",
        list: "/work?kind=joining",
        waits: "Students ask to join",
        icon: TaskIcon::Person,
        rows: |engine| of_rosters(engine, "joining", CompetitorNeed::Confirmation),
        text: joining,
        ..USUAL
    },
    TaskKind {
        code: "sync",
        label: "Failed syncs",
        one: "Failed syncs",
        list: "/work?kind=sync",
        waits: "Syncs of students failed",
        icon: TaskIcon::Sync,
        rows: |engine| of_rosters(engine, "sync", CompetitorNeed::Sync),
        text: sync,
        ..USUAL
    },
    TaskKind {
        code: "release",
        label: "Consents",
        one: "Consents",
        list: "/work?kind=release",
        waits: "Students have no consent yet",
        icon: TaskIcon::Signature,
        rows: |engine| of_rosters(engine, "release", CompetitorNeed::Release),
        text: release,
        ..USUAL
    },
    TaskKind {
        code: "ctf_profile",
        label: "My profile",
        one: "Profile",
        list: "/work?kind=ctf_profile",
        waits: "Your profile is not complete",
        icon: TaskIcon::Person,
        rows: |_| own("ctf_profile", INCOMPLETE),
        text: |row| of_competitor(row, "Complete your profile for", "Complete it"),
        ..USUAL
    },
    TaskKind {
        code: "own_release",
        label: "My release",
        one: "Release",
        list: "/work?kind=own_release",
        waits: "Your release is not signed",
        icon: TaskIcon::Signature,
        rows: |_| own("own_release", UNSIGNED),
        text: |row| of_competitor(row, "Sign your release for", "Read and sign"),
        ..USUAL
    },
    TaskKind {
        code: "discrepancies",
        label: "Wrong numbers",
        one: "Wrong numbers",
        list: "/work?kind=discrepancies",
        waits: "Wrong numbers were reported",
        icon: TaskIcon::Numbers,
        audience: Audience::Admins,
        rows: |_| {
            all("discrepancies", "ctf_discrepancies x", "x.created_at", "x.resolved_at IS NULL")
        },
        text: discrepancies,
        ..USUAL
    },
    TaskKind {
        code: "differences",
        label: "Differences",
        one: "Differences",
        list: "/work?kind=differences",
        waits: "Numbers differ from the game platform",
        icon: TaskIcon::Numbers,
        audience: Audience::Admins,
        rows: |_| {
            all(
                "differences",
                "game_platform_differences x",
                "x.first_seen_at",
                "x.resolved_at IS NULL",
            )
        },
        text: differences,
        ..USUAL
    },
    TaskKind {
        code: "platform_erasures",
        label: "Deletions",
        one: "Deletions",
        list: "/work?kind=platform_erasures",
        waits: "Accounts wait to be deleted",
        icon: TaskIcon::Trash,
        audience: Audience::Admins,
        target: Some(chrono::TimeDelta::days(30)),
        rows: |_| {
            all(
                "platform_erasures",
                "game_platform_erasures x",
                "x.created_at",
                "x.confirmed_at IS NULL",
            )
        },
        text: erasures,
        ..USUAL
    },
];

/// The most students whom a title names.
const NAMED: i64 = 2;

/// The character between the names of students in a row.
const BETWEEN: char = '|';

/// Selects the rosters of a coach with competitors who need something, with the first names of some.
fn of_rosters(engine: Engine, code: &str, need: CompetitorNeed) -> String {
    let condition = need.condition();
    let present = format!("p.left_at IS NULL AND p.erased_at IS NULL AND {condition}");
    let aggregate = match engine {
        Engine::Sqlite => "group_concat",
        Engine::Postgres => "string_agg",
    };
    format!(
        "SELECT '{code}' AS kind, r.name AS name, r.school AS place, {} AS slug, count(*) AS number, \
         coalesce((SELECT {aggregate}(n.first_name, '{BETWEEN}') FROM (SELECT p.first_name FROM competitors p \
         WHERE p.roster_id = r.id AND {present} AND p.first_name <> '' ORDER BY p.first_name, p.id LIMIT {NAMED}) AS n), '') \
         AS detail, min(p.created_at) AS since, CAST(NULL AS timestamptz) AS due \
         FROM coaches c JOIN roster_coaches s ON s.coach_id = c.id AND s.role = 'coach' \
         JOIN rosters r ON r.id = s.roster_id AND r.archived_at IS NULL \
         JOIN competitors p ON p.roster_id = r.id AND {present} \
         WHERE c.user_id = $1 AND c.approved GROUP BY r.id, r.name, r.school",
        engine.id_text("r.id")
    )
}

/// The condition that the profile of a competitor `p` lacks something.
const INCOMPLETE: &str = "(p.first_name = '' OR p.is_18_or_over IS NULL \
     OR (p.email_personal IS NULL AND p.email_school IS NULL) \
     OR (NOT p.is_18_or_over AND (p.parent_name IS NULL OR p.parent_email IS NULL)))";

/// The condition that a competitor `p` of age has to sign their own release.
const UNSIGNED: &str = "p.is_18_or_over AND NOT p.release_signed AND p.release_withdrawn_at IS NULL \
     AND EXISTS (SELECT 1 FROM ctf_consents)";

/// Selects the person's own competitor, if it meets a condition.
fn own(code: &str, condition: &str) -> String {
    format!(
        "SELECT '{code}' AS kind, r.name AS name, r.school AS place, '' AS slug, 0 AS number, '' AS detail, \
         p.created_at AS since, CAST(NULL AS timestamptz) AS due FROM competitors p \
         JOIN rosters r ON r.id = p.roster_id AND r.archived_at IS NULL \
         WHERE p.user_id = $1 AND p.left_at IS NULL AND p.erased_at IS NULL AND {condition}"
    )
}

/// Selects one row for all rows `x` of a table that meet a condition, if there are any.
fn all(code: &str, table: &str, since: &str, condition: &str) -> String {
    format!(
        "SELECT '{code}' AS kind, '' AS name, '' AS place, '' AS slug, count(*) AS number, '' AS detail, \
         min({since}) AS since, CAST(NULL AS timestamptz) AS due FROM {table} WHERE {condition} HAVING count(*) > 0"
    )
}

fn of_roster(row: &TaskRow, title: String, action: &'static str, page: &str) -> TaskText {
    TaskText {
        title,
        line: format!("{}, {}", row.name, row.place),
        action,
        address: format!("/ctf/rosters/{}{page}", row.id()),
        due: None,
    }
}

/// Returns the page of the students of a roster who need something.
fn list(need: CompetitorNeed) -> String {
    format!("/competitors?needs={}", need.as_str())
}

fn joining(row: &TaskRow) -> TaskText {
    let asks = if row.number == 1 { "asks" } else { "ask" };
    let title =
        format!("{} {asks} to join {}", students(&row.detail, BETWEEN, row.number), row.name);
    of_roster(row, title, "Confirm", &list(CompetitorNeed::Confirmation))
}

fn sync(row: &TaskRow) -> TaskText {
    let title = format!(
        "{}: sync with the game platform failed",
        students(&row.detail, BETWEEN, row.number)
    );
    // The dashboard has the cause of each, with how to retry.
    of_roster(row, title, "See the causes", "")
}

fn release(row: &TaskRow) -> TaskText {
    let title = format!("{}: consent not signed", students(&row.detail, BETWEEN, row.number));
    of_roster(row, title, "See the students", &list(CompetitorNeed::Release))
}

fn of_competitor(row: &TaskRow, says: &str, action: &'static str) -> TaskText {
    TaskText {
        title: format!("{says} {}", row.name),
        line: row.place.clone(),
        action,
        address: "/ctf/me".to_owned(),
        due: None,
    }
}

fn of_admins(title: String, line: &str, action: &'static str, address: &str) -> TaskText {
    TaskText { title, line: line.to_owned(), action, address: address.to_owned(), due: None }
}

fn discrepancies(row: &TaskRow) -> TaskText {
    let reports = counted(row.number, "report", "reports");
    let title = format!("Check {reports} of wrong numbers from the game platform");
    let line = "Coaches and students see other numbers there";
    of_admins(title, line, "Review the reports", "/admin/game-platform/rollout")
}

fn differences(row: &TaskRow) -> TaskText {
    let differences = counted(row.number, "difference", "differences");
    let title = format!("Resolve {differences} from the game platform");
    let line = "Found when accounts and scores were compared";
    of_admins(title, line, "Compare", "/admin/game-platform/reconciliation")
}

fn erasures(row: &TaskRow) -> TaskText {
    let accounts = counted(row.number, "account", "accounts");
    let title = format!("Have {accounts} deleted on the game platform");
    of_admins(title, "Their people were erased here", "See the list", "/admin/ctf/privacy")
}
