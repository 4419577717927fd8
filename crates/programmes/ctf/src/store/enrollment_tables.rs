//! The table of enrollments.

use platform::db::{
    Migration, ascii_lower,
    schema::{at, index, int, is_postgres, optional, references, run, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, prelude::Table, sea_orm::DbErr};

platform::migration!(
    CreateEnrollments,
    "2027_04_25_000005_create_enrollments",
    replaces,
    create_enrollments
);

/// Returns the migrations of enrollments, in order.
pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateEnrollments)]
}

async fn create_enrollments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut rosters = Table::alter();
    rosters.table("rosters").add_column(optional(&uuid("former_id")));
    manager.alter_table(rosters).await?;
    manager.create_index(unique("rosters", &["former_id"])).await?;

    let mut enrollments = table("ctf_enrollments");
    enrollments
        .col(uuid("roster_id"))
        .col(uuid("competitor_id"))
        .col(int("year"))
        .col(optional(&int("grade")))
        .col(optional(&text("kept")))
        .col(optional(&at("kept_at")));
    references(&mut enrollments, "roster_id", "rosters");
    references(&mut enrollments, "competitor_id", "competitors");
    manager.create_table(enrollments).await?;
    manager.create_index(unique("ctf_enrollments", &["competitor_id", "year"])).await?;
    manager.create_index(index("ctf_enrollments", &["roster_id"])).await?;
    let sql = "CREATE UNIQUE INDEX ctf_enrollments_present ON ctf_enrollments (competitor_id) \
               WHERE kept_at IS NULL";
    run(manager, sql).await?;
    enroll_present(manager).await?;
    keep_archived(manager).await
}

/// Enrolls competitors in the roster on which they are.
async fn enroll_present(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = "INSERT INTO ctf_enrollments (id, created_at, roster_id, competitor_id, year) \
               SELECT p.id, p.created_at, p.roster_id, p.id, CAST(substr(r.school_year, 1, 4) AS bigint) \
               FROM competitors p JOIN rosters r ON r.id = p.roster_id \
               WHERE r.archived_at IS NULL AND p.left_at IS NULL AND p.erased_at IS NULL";
    run(manager, sql).await
}

/// Keeps what is known of archived years: the competitors who stayed on their rosters, those who were in a team of theirs to the
/// end, and what everyone had solved by then. The grade and the platform's totals are known only of who stayed.
async fn keep_archived(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let sql = if is_postgres(manager) {
        archived(&Json {
            object: "json_build_object",
            array: "json_agg",
            id: |column| column.to_owned(),
            flag: |column| column.to_owned(),
            text: |json| format!("CAST({json} AS text)"),
            nested: |json| json.to_owned(),
        })
    } else {
        archived(&Json {
            object: "json_object",
            array: "json_group_array",
            id: |column| {
                let hex = ascii_lower(&format!("hex({column})"));
                format!("iif({column} IS NULL, NULL, {hex})")
            },
            flag: |column| format!("json(iif({column}, 'true', 'false'))"),
            text: |json| json.to_owned(),
            nested: |json| format!("json({json})"),
        })
    };
    run(manager, &sql).await
}

/// How an engine writes JSON.
struct Json {
    object: &'static str,
    array: &'static str,
    /// Writes a column with an ID.
    id: fn(&str) -> String,
    /// Writes a condition that is true or false.
    flag: fn(&str) -> String,
    /// Makes a text of JSON.
    text: fn(&str) -> String,
    /// Takes the result of a subquery as JSON.
    nested: fn(&str) -> String,
}

fn archived(json: &Json) -> String {
    let Json { object, array, .. } = json;
    let own = (json.id)("p.id");
    let person = format!(
        "{object}('id', {own}, 'first_name', p.first_name, 'last_name', p.last_name, \
         'grade', CASE WHEN p.roster_id = r.id THEN p.grade END, 'erased_at', p.erased_at, \
         'team_id', {}, 'team', t.name, 'division', coalesce(t.division, (SELECT k.division FROM roster_coaches b \
         JOIN coaches k ON k.id = b.coach_id WHERE b.roster_id = r.id AND b.role = 'coach' \
         ORDER BY b.created_at, b.id LIMIT 1)), \
         'game_platform_id', p.game_platform_id, 'username', p.metactf_username, 'account', p.metactf_user_status, \
         'last_login_at', p.last_login_at, 'is_18_or_over', {}, 'release_signed', {}, 'has_email', {}, \
         'total_score', CASE WHEN p.roster_id = r.id THEN s.total_score END, \
         'challenges_completed', CASE WHEN p.roster_id = r.id THEN s.challenges_completed END, \
         'monthly_ctf_challenges', CASE WHEN p.roster_id = r.id THEN s.monthly_ctf_challenges END, \
         'last_activity', CASE WHEN p.roster_id = r.id THEN s.last_activity END, \
         'totals_at', CASE WHEN p.roster_id = r.id THEN s.synced_at END, \
         'counted_at', CASE WHEN p.roster_id = r.id THEN s.synced_at END)",
        (json.id)("t.id"),
        (json.flag)("coalesce(p.is_18_or_over, FALSE)"),
        (json.flag)("p.release_signed"),
        (json.flag)("coalesce(p.email_school, p.email_personal, '') <> ''"),
    );
    let solves = format!(
        "(SELECT coalesce({array}({object}('competitor_id', {own}, 'title', v.title, 'domain', v.domain, \
         'points', v.points, 'solved_at', v.solved_at, 'source', v.source)), '[]') \
         FROM game_platform_challenge_solves v WHERE v.competitor_id = p.id AND v.vanished_at IS NULL \
         AND v.solved_at < r.archived_at)"
    );
    let events = format!(
        "(SELECT coalesce({array}({object}('competitor_id', {own}, 'event_id', e.event_id, 'name', e.name, \
         'started_at', e.started_at, 'solves', e.challenges_solved, 'points', e.points_earned, \
         'possible', e.max_points_possible)), '[]') \
         FROM game_platform_flash_ctf_events e WHERE e.competitor_id = p.id AND e.vanished_at IS NULL \
         AND e.started_at < r.archived_at)"
    );
    let kept = format!(
        "{object}('person', {person}, 'status', p.status, 'solves', {}, 'events', {})",
        (json.nested)(&solves),
        (json.nested)(&events),
    );
    format!(
        "INSERT INTO ctf_enrollments (id, created_at, roster_id, competitor_id, year, grade, kept, kept_at) \
         SELECT coalesce(t.member_id, p.id), r.archived_at, r.id, p.id, \
         CAST(substr(r.school_year, 1, 4) AS bigint), CASE WHEN p.roster_id = r.id THEN p.grade END, {}, \
         r.archived_at FROM competitors p JOIN rosters r ON r.archived_at IS NOT NULL \
         LEFT JOIN (SELECT m.id AS member_id, m.competitor_id, m.left_at, t.id, t.roster_id, t.name, t.division \
         FROM ctf_team_members m JOIN ctf_teams t ON t.id = m.team_id) t \
         ON t.competitor_id = p.id AND t.roster_id = r.id AND t.left_at = r.archived_at \
         LEFT JOIN game_platform_stats s ON s.competitor_id = p.id \
         WHERE t.id IS NOT NULL \
         OR (p.roster_id = r.id AND p.left_at IS NULL AND p.confirmed_at IS NOT NULL) \
         ON CONFLICT DO NOTHING",
        (json.text)(&kept)
    )
}
