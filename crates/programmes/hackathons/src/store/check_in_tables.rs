//! The table of check-ins.

use platform::db::{
    Migration,
    schema::{at, index, is_postgres, optional, references, run, table, text, unique, uuid},
};
use sea_orm_migration::{SchemaManager, sea_orm::DbErr};

platform::migration!(
    CreateCheckIns,
    "2027_03_14_000001_create_check_ins",
    additive,
    create_check_ins
);

pub(super) fn migrations() -> [Box<dyn Migration>; 1] {
    [Box::new(CreateCheckIns)]
}

/// Creates the table, with a row for each application, whose ID it has.
async fn create_check_ins(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut check_ins = table("check_ins");
    check_ins
        .col(uuid("hackathon_id"))
        .col(text("code"))
        .col(optional(&at("checked_in_at")))
        .col(optional(&uuid("checked_in_by_id")));
    references(&mut check_ins, "id", "applications");
    references(&mut check_ins, "hackathon_id", "hackathons");
    references(&mut check_ins, "checked_in_by_id", "users");
    manager.create_table(check_ins).await?;
    manager.create_index(unique("check_ins", &["hackathon_id", "code"])).await?;
    manager.create_index(index("check_ins", &["checked_in_by_id"])).await?;
    run(manager, &codes_of_former(is_postgres(manager))).await
}

/// Returns the statement that gives a code to the applications that are there, from random bytes of the database.
fn codes_of_former(is_postgres: bool) -> String {
    // These bytes of a random UUID are all random.
    let bytes = [0, 1, 2, 3, 4, 5, 10, 11];
    let character = |byte: i32| {
        let random = if is_postgres {
            format!("get_byte(uuid_send(a.random), {byte})")
        } else {
            "(random() & 255)".to_owned()
        };
        format!("substr('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', {random} % 32 + 1, 1)")
    };
    let code: Vec<String> = bytes.into_iter().map(character).collect();
    let random = if is_postgres { ", gen_random_uuid() AS random" } else { "" };
    format!(
        "INSERT INTO check_ins (id, created_at, hackathon_id, code) SELECT a.id, a.created_at, a.hackathon_id, {} \
         FROM (SELECT id, created_at, hackathon_id{random} FROM applications) a",
        code.join(" || ")
    )
}
