//! Migrations of an empty database, repeated, and of a newer schema.

use guildhall::Migrator;
use kernel::{Ids as _, Timestamp};
use platform::{
    RandomIds,
    db::{Db, Kind, Migration, Migrations, Rows, Sql as _},
    folded::FoldedText,
};
use recognition::reads::Start;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::app::{Database, TestApp};

#[tokio::test]
async fn an_empty_database_gets_every_migration_once() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    let before = db.schema_status(&guildhall::MODULES.migrations()).await.expect("a status");
    assert_eq!((before.applied.len(), before.unknown.len()), (0, 0));
    let applied = db.migrate::<Migrator>().await.expect("migrated");
    assert_eq!(applied, before.pending);
    let after = db.schema_status(&guildhall::MODULES.migrations()).await.expect("a status");
    assert_eq!((after.applied, after.pending), (applied, vec![]));
    let again = db.migrate::<Migrator>().await.expect("nothing to do");
    assert_eq!(again, Vec::<String>::new());
    db.close().await;
    database.remove().await;
}

#[tokio::test]
async fn tables_of_another_program_are_not_taken_for_its_own() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    let own = guildhall::MODULES.table_names();
    for (table, refused) in [("invoices", false), ("users", true)] {
        let tx = db.begin().await.expect("a transaction");
        let create = format!("CREATE TABLE {table} (id integer)");
        tx.run(tx.statement(&create, [])).await.expect("created");
        tx.commit().await.expect("committed");
        let said = db.refuse_foreign(&own).await.err().map(|error| error.to_string());
        assert_eq!(said.is_some(), refused, "{said:?}");
        let found = db.foreign_tables(&own).await;
        assert_eq!(found.is_err(), refused, "{found:?}");
        assert!(found.unwrap_or_else(|words| words).contains(table));
    }
    db.close().await;
    database.remove().await;
}

#[tokio::test]
async fn two_processes_migrate_one_after_the_other() {
    let database = Database::empty().await;
    let one = Db::connect(database.url()).await.expect("connected");
    let two = Db::connect(database.url()).await.expect("connected");
    let (first, second) = tokio::join!(one.migrate::<Migrator>(), two.migrate::<Migrator>());
    first.expect("migrated");
    second.expect("migrated");
    let status = one.schema_status(&guildhall::MODULES.migrations()).await.expect("a status");
    assert_eq!((status.pending.len(), status.unknown.len()), (0, 0));
    one.close().await;
    two.close().await;
    database.remove().await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let app = TestApp::start().await;
    let sql =
        "INSERT INTO schema_migrations (version, applied_at) VALUES ('2999_01_01_000001_later', 0)";
    app.change(sql).await.expect("planted");
    let refusal = app.context().db.migrate::<Migrator>().await.expect_err("refused");
    assert_eq!(
        refusal.to_string(),
        "the database schema is newer than this release (it has 2999_01_01_000001_later): \
         start the release that created it, or a newer one"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_copy_has_the_migrations_of_its_source_and_no_newer_ones() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    let all = guildhall::MODULES.migrations();
    let mut names: Vec<String> = all.iter().map(|one| one.name().to_owned()).collect();
    names.push("2999_01_01_000001_later".to_owned());
    let refused = db.migrate_like::<Migrator>(&names).await.expect_err("refused").to_string();
    assert!(refused.contains("(it has 2999_01_01_000001_later)"), "{refused}");
    // A release that was made before another one added this between its migrations.
    names.pop();
    names.retain(|name| !name.contains("_create_slow_work"));
    db.migrate_like::<Migrator>(&names).await.expect("migrated");
    let status = db.schema_status(&all).await.expect("a status");
    assert_eq!((status.applied, status.pending.len()), (names, 1));
    db.close().await;
    database.remove().await;
}

/// Parts of the names of migrations that a test leaves out at first.
const LEFT_OUT: [&str; 3] = ["_rename_", "_own_logins", "_free_boards"];
const RENAMES: usize = 0;
const OWN_LOGINS: usize = 1;
const FREE_BOARDS: usize = 2;

/// All migrations but those with a part of [`LEFT_OUT`] in their name.
struct Without<const PART: usize>;

impl<const PART: usize> Migrations for Without<PART> {
    fn migrations() -> Vec<Box<dyn Migration>> {
        let mut all = Migrator::migrations();
        all.retain(|migration| !migration.name().contains(LEFT_OUT[PART]));
        all
    }
}

#[tokio::test]
async fn choices_and_pauses_follow_what_was_renamed() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    db.migrate::<Without<RENAMES>>().await.expect("migrated");
    let tx = db.begin().await.expect("a transaction");
    let (person, now) = (RandomIds.next(), Timestamp::UNIX_EPOCH);
    let sql = "INSERT INTO users (id, created_at, updated_at, login, login_seen_at, kind, is_email_verified, \
               is_banned, is_deleted) VALUES ($1, $2, $2, 'wren-oak', $2, 'user', $3, $3, $3)";
    let values = [person.into(), now.into(), false.into()];
    tx.run(tx.statement(sql, values)).await.expect("a person");
    let sql = "INSERT INTO notification_preferences (id, created_at, updated_at, user_id, kind, channel, mode) \
               VALUES ($1, $2, $2, $3, 'maintainer_appointed', 'email', 'off')";
    let values = [RandomIds.next().into(), now.into(), person.into()];
    tx.run(tx.statement(sql, values)).await.expect("a choice");
    let sql = "INSERT INTO job_pauses (id, created_at, name) VALUES ($1, $2, 'AnswerRetention')";
    let values = [RandomIds.next().into(), now.into()];
    tx.run(tx.statement(sql, values)).await.expect("a pause");
    tx.commit().await.expect("committed");
    db.migrate::<Migrator>().await.expect("migrated");
    for (sql, name) in [
        ("SELECT kind AS found FROM notification_preferences", "maintainer_added"),
        ("SELECT name AS found FROM job_pauses", "ResponseRetention"),
    ] {
        let found: Vec<Found> = db.all(db.statement(sql, [])).await.expect("rows");
        let found: Vec<_> = found.iter().map(|row| row.found.as_str()).collect();
        assert_eq!(found, [name]);
    }
    db.close().await;
    database.remove().await;
}

#[tokio::test]
async fn a_login_of_several_accounts_is_given_to_one_of_them() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    db.migrate::<Without<OWN_LOGINS>>().await.expect("migrated");
    let tx = db.begin().await.expect("a transaction");
    let day = |day: u32| format!("2026-10-{day:02}T08:00:00Z").parse::<Timestamp>().expect("one");
    // The login, the day on which the account was known, and whether it signed in and was removed.
    let accounts = [
        ("wren-oak", 1, false, false),
        ("Wren-Oak", 2, true, false),
        ("wren-oak", 3, false, false),
        ("rook-elm", 1, false, true),
        ("rook-elm", 3, false, false),
        ("rook-elm", 2, false, false),
        ("hexacat", 1, false, false),
    ];
    for (subject, (login, known, has_signed_in, is_deleted)) in (1..).zip(accounts) {
        let (id, now) = (RandomIds.next(), day(known));
        let sql = "INSERT INTO users (id, created_at, updated_at, login, login_seen_at, kind, claimed_at, \
                   is_email_verified, is_banned, is_deleted) VALUES ($1, $2, $2, $3, $2, 'user', $4, $5, $5, $6)";
        let claimed = has_signed_in.then_some(now).into();
        let values =
            [id.into(), now.into(), login.into(), claimed, false.into(), is_deleted.into()];
        tx.run(tx.statement(sql, values)).await.expect("a person");
        let sql = "INSERT INTO user_identities (id, created_at, user_id, provider, subject) \
                   VALUES ($1, $2, $3, 'github', $4)";
        let values = [RandomIds.next().into(), now.into(), id.into(), subject.to_string().into()];
        tx.run(tx.statement(sql, values)).await.expect("an identity");
    }
    tx.commit().await.expect("committed");
    db.migrate::<Migrator>().await.expect("migrated");
    let sql = "SELECT u.login AS found FROM users u JOIN user_identities i ON i.user_id = u.id \
               ORDER BY i.subject";
    let found: Vec<Found> = db.all(db.statement(sql, [])).await.expect("rows");
    let found: Vec<_> = found.iter().map(|row| row.found.as_str()).collect();
    let placeholders = ["1.github", "3.github", "5.github"];
    let [first, third, fifth] = placeholders;
    assert_eq!(found, [first, "Wren-Oak", third, "rook-elm", fifth, "rook-elm", "hexacat"]);
    db.close().await;
    database.remove().await;
}

/// All migrations but those that store names in the form in which they are searched.
struct BeforeFolding;

impl Migrations for BeforeFolding {
    fn migrations() -> Vec<Box<dyn Migration>> {
        let mut all = Migrator::migrations();
        all.retain(|migration| !migration.name().contains("_fold_"));
        all
    }
}

/// There are more projects than are read at once.
#[tokio::test]
async fn names_from_earlier_releases_are_found_in_any_alphabet() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    db.migrate::<BeforeFolding>().await.expect("migrated");
    let tx = db.begin().await.expect("a transaction");
    let now = Timestamp::UNIX_EPOCH;
    let mut projects = Rows::new([("id", Kind::Uuid), ("slug", Kind::Text), ("name", Kind::Text)]);
    for number in 0..1_001 {
        let (slug, name) = (format!("named-{number}"), format!("Östberg № {number}"));
        projects.push([RandomIds.next().into(), slug.into(), name.into()]);
    }
    let mut query = tx.query();
    let (projects, at) = (query.rows(projects, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO projects (id, created_at, updated_at, slug, name, description, tags) \
         SELECT r.id, {at}, {at}, r.slug, r.name, '', '[]' FROM {projects}"
    );
    tx.run(query.statement(sql)).await.expect("projects");
    let (roster, repository) = (RandomIds.next(), RandomIds.next());
    let sql = "INSERT INTO rosters (id, created_at, updated_at, name, school, school_year, timezone) \
               VALUES ($1, $2, $2, 'Owls', 'Harbor High', '2026/27', 'UTC')";
    tx.run(tx.statement(sql, [roster.into(), now.into()])).await.expect("a roster");
    let sql = "INSERT INTO competitors (id, created_at, updated_at, roster_id, first_name, last_name, status) \
               VALUES ($1, $2, $2, $3, 'Иван', 'Алёхин', 'pending')";
    let values = [RandomIds.next().into(), now.into(), roster.into()];
    tx.run(tx.statement(sql, values)).await.expect("a competitor");
    let sql = "INSERT INTO repositories (id, created_at, updated_at, github_id, full_name, name_seen_at, \
               settings_seen_at) VALUES ($1, $2, $2, 1, 'octo-org/lantern', $2, $2)";
    tx.run(tx.statement(sql, [repository.into(), now.into()])).await.expect("a repository");
    let sql = "INSERT INTO pull_requests (id, created_at, updated_at, github_id, repository_id, number, title, \
               labels, state, opened_at, github_updated_at) \
               VALUES ($1, $2, $2, 1, $3, 1, 'Größe', '[]', 'open', $2, $2)";
    let values = [RandomIds.next().into(), now.into(), repository.into()];
    tx.run(tx.statement(sql, values)).await.expect("a pull request");
    tx.commit().await.expect("committed");
    db.migrate::<Migrator>().await.expect("migrated");
    for number in [0, 499, 500, 1_000] {
        let typed = format!("OSTBERG no {number}");
        let mut query = db.query();
        let named = query.contains("name_folded", &FoldedText::of(&typed));
        let sql = format!("SELECT slug AS found FROM projects WHERE {named}");
        let found: Vec<Found> = db.all(query.statement(sql)).await.expect("projects");
        let slug = format!("named-{number}");
        assert!(found.iter().any(|project| project.found == slug), "{slug}");
    }
    let missing = "SELECT count(*) FROM projects WHERE name_folded NOT LIKE 'ostberg no %'";
    assert_eq!(db.count(db.statement(missing, [])).await.expect("counted"), 0);
    for (sql, folded) in [
        ("SELECT name_folded AS found FROM competitors", "иван алехин"),
        ("SELECT title_folded AS found FROM pull_requests", "grosse"),
    ] {
        let found: Vec<Found> = db.all(db.statement(sql, [])).await.expect("rows");
        let found: Vec<_> = found.iter().map(|row| row.found.as_str()).collect();
        assert_eq!(found, [folded]);
    }
    db.close().await;
    database.remove().await;
}

#[derive(FromQueryResult)]
struct Found {
    found: String,
}

/// SQLite copies the tables.
#[tokio::test]
async fn boards_keep_their_rows_without_foreign_keys() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    db.migrate::<Without<FREE_BOARDS>>().await.expect("migrated");
    let tx = db.begin().await.expect("a transaction");
    let (person, board, now) = (
        RandomIds.next(),
        RandomIds.next(),
        "2026-10-02T08:00:00Z".parse::<Timestamp>().expect("an instant"),
    );
    let sql = "INSERT INTO users (id, created_at, updated_at, login, login_seen_at, kind, is_email_verified, \
               is_banned, is_deleted) VALUES ($1, $2, $2, 'wren-oak', $2, 'user', $3, $3, $3)";
    let values = [person.into(), now.into(), false.into()];
    tx.run(tx.statement(sql, values)).await.expect("a person");
    let sql = "INSERT INTO boards (id, created_at, key) VALUES ($1, $2, 'global')";
    let values = [board.into(), now.into()];
    tx.run(tx.statement(sql, values)).await.expect("a board");
    let row = "INSERT INTO board_rows (board_id, user_id, points, descending_points, reached_at, updated_at) \
               VALUES ($1, $2, 30, -30, $3, $3)";
    let values = |board: Uuid| [board.into(), person.into(), now.into()];
    tx.run(tx.statement(row, values(board))).await.expect("a row");
    let bucket =
        "INSERT INTO board_histogram (board_id, level, bucket, people) VALUES ($1, 0, 30, 1)";
    tx.run(tx.statement(bucket, [board.into()])).await.expect("a bucket");
    tx.commit().await.expect("committed");
    db.migrate::<Migrator>().await.expect("migrated");
    let page = recognition::reads::page(&db, "global", Start::Top, 10).await;
    let page = page.expect("a page");
    let rows = page.rows.iter();
    let rows: Vec<_> =
        rows.map(|row| (row.user_id.0, row.rank, row.points, row.reached_at)).collect();
    assert_eq!(rows, [(person, 1, 30, now)]);
    let tx = db.begin().await.expect("a transaction");
    let values = values(RandomIds.next());
    let added = tx.run(tx.statement(row, values)).await;
    assert_eq!(added.expect("no foreign key"), 1);
    drop(tx);
    db.close().await;
    database.remove().await;
}
