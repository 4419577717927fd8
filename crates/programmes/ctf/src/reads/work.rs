//! Work of coaches, competitors and admins.

use kernel::counted;
use platform::{
    db::Engine,
    module::Audience,
    work::{TaskIcon, TaskKind, TaskRow, TaskText},
};

const USUAL: TaskKind = TaskKind {
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
        code: "joining",
        label: "Joining",
        one: "Joining",
        list: "/work?kind=joining",
        waits: "Students ask to join",
        icon: TaskIcon::Person,
        rows: |engine| of_rosters(engine, "joining", JOINING),
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
        rows: |engine| of_rosters(engine, "sync", FAILED),
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
        rows: |engine| of_rosters(engine, "release", UNRELEASED),
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
        text: |row| of_competitor(row, "Complete your profile", "Complete it"),
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
        text: |row| of_competitor(row, "Sign your release", "Read and sign"),
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

/// The condition that a competitor `p` joined by a link and a coach did not confirm them.
const JOINING: &str = "p.confirmed_at IS NULL";

/// The condition that the last sync of a competitor `p` left an error.
const FAILED: &str = "(p.game_platform_sync_error IS NOT NULL OR EXISTS (SELECT 1 FROM game_platform_sync_state y \
     WHERE y.syned_user_id = p.game_platform_id AND (y.last_result = 'failure' OR y.error_message IS NOT NULL)))";

/// The condition that no release of a competitor `p` is on record.
const UNRELEASED: &str =
    "p.confirmed_at IS NOT NULL AND NOT p.release_signed AND p.release_withdrawn_at IS NULL";

/// Selects the rosters of a coach with competitors who meet a condition.
fn of_rosters(engine: Engine, code: &str, condition: &str) -> String {
    format!(
        "SELECT '{code}' AS kind, r.name AS name, r.school AS place, {} AS slug, count(*) AS number, \
         min(p.first_name) AS detail, min(p.created_at) AS since, CAST(NULL AS timestamptz) AS due \
         FROM coaches c JOIN roster_coaches s ON s.coach_id = c.id AND s.role = 'coach' \
         JOIN rosters r ON r.id = s.roster_id AND r.archived_at IS NULL \
         JOIN competitors p ON p.roster_id = r.id AND p.left_at IS NULL AND p.erased_at IS NULL \
         WHERE c.user_id = $1 AND c.approved AND {condition} GROUP BY r.id, r.name, r.school",
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

fn joining(row: &TaskRow) -> TaskText {
    let title = match row.number {
        1 => format!("{} asks to join", row.detail),
        many => format!("{many} students ask to join"),
    };
    of_roster(row, title, "Confirm", "/competitors")
}

fn sync(row: &TaskRow) -> TaskText {
    let title = match row.number {
        1 => format!("Could not sync {}", row.detail),
        many => format!("Could not sync {many} students"),
    };
    of_roster(row, title, "See the causes", "")
}

fn release(row: &TaskRow) -> TaskText {
    let title = match row.number {
        1 => format!("{} has no consent yet", row.detail),
        many => format!("{many} students have no consent yet"),
    };
    of_roster(row, title, "Ask", "/competitors")
}

fn of_competitor(row: &TaskRow, title: &str, action: &'static str) -> TaskText {
    TaskText {
        title: title.to_owned(),
        line: format!("{}, {}", row.name, row.place),
        action,
        address: "/ctf/me".to_owned(),
        due: None,
    }
}

fn of_admins(title: String, line: &str, action: &'static str, address: &str) -> TaskText {
    TaskText { title, line: line.to_owned(), action, address: address.to_owned(), due: None }
}

fn discrepancies(row: &TaskRow) -> TaskText {
    let title = counted(row.number, "report of a wrong number", "reports of wrong numbers");
    of_admins(title, "Game platform", "Look into it", "/admin/game-platform/rollout")
}

fn differences(row: &TaskRow) -> TaskText {
    let title = counted(row.number, "difference", "differences");
    let title = format!("{title} from the game platform");
    of_admins(title, "Found by a comparison", "Compare", "/admin/game-platform/reconciliation")
}

fn erasures(row: &TaskRow) -> TaskText {
    let title = counted(row.number, "account has", "accounts have");
    let title = format!("{title} to be deleted at the game platform");
    of_admins(title, "Their people were erased here", "See the list", "/admin/ctf/privacy")
}
